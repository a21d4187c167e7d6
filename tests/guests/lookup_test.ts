/** wasi:sockets/ip-name-lookup, called by a program that has it from C bindings, by this machine's resolver. */
import assert from "node:assert/strict";
import { assertOutcome } from "../support/airlock.ts";
import { exec } from "./run.ts";

/** What `localhost` is here, in no order. */
const LOCALHOST = /^localhost:( (127\.0\.0\.1|::1))+$/;

const lookup = (words: readonly string[], ...options: readonly string[]) =>
  exec("lookup", words, { options });

Deno.test("a name leads to addresses, and an address to itself, without any lookup", async () => {
  const { stdout, ...rest } = await lookup(
    ["localhost", "127.0.0.1", "::1", "::ffff:1.2.3.4", "192.0.2.1"],
    "--net",
    "localhost",
    "--net-private",
  );
  const [first, ...others] = stdout.trimEnd().split("\n");
  assert.match(first!, LOCALHOST);
  assert.deepEqual(others, [
    "127.0.0.1: 127.0.0.1",
    "::1: ::1",
    // The specification's word: no IPv4-mapped address is ever the result.
    "::ffff:1.2.3.4: 1.2.3.4",
    "192.0.2.1: 192.0.2.1",
  ]);
  assertOutcome({ ...rest, stdout: "" }, {});
});

Deno.test("what is no name is an invalid argument, at once", async () => {
  const names = [
    "",
    " ",
    "a b",
    "a..b",
    ".",
    "-",
    "a\u0001",
    "x".repeat(64),
    `${"x.".repeat(200)}x`,
    "a/b",
    "a@b",
  ];
  const { stdout, ...rest } = await lookup(names, "--net", "*", "--net-private");
  const found = stdout.trimEnd().split("\n");
  // A name is a name as soon as a resolver would take it: a hyphen is for the resolver to refuse.
  const expected = names.map((name, i) =>
    found[i]?.endsWith("name-unresolvable")
      ? `${name}: name-unresolvable`
      : `${name}: invalid-argument (at once)`
  );
  assert.deepEqual(found, expected);
  assert.ok(found.filter((line) => line.endsWith("(at once)")).length >= 9, stdout);
  assertOutcome({ ...rest, stdout: "" }, {});
});

Deno.test("a name that does not exist is unresolvable", async () => {
  const { stdout } = await lookup(["nobody.invalid"], "--net", "*");
  // Without any server to ask, a resolver may say that it cannot say.
  assert.match(stdout, /^nobody\.invalid: (name-unresolvable|temporary-resolver-failure)\n$/);
});

Deno.test("a name that no rule allows is not looked up", async () => {
  assertOutcome(await lookup(["localhost", "example.com", "127.0.0.1"], "--net", "db.example:5432"), {
    stdout:
      /^localhost: access-denied( \(at once\))?\nexample\.com: access-denied( \(at once\))?\n127\.0\.0\.1: 127\.0\.0\.1\n$/,
  });
});

Deno.test("a name that is allowed, and leads to this machine, is not told unless that is allowed too", async () => {
  assertOutcome(await lookup(["localhost"], "--net", "localhost"), { stdout: "localhost: access-denied\n" });
  assertOutcome(await lookup(["localhost"], "--net", "localhost", "--net", "127.0.0.0/8", "--net", "::1"), {
    stdout: /^localhost:( (127\.0\.0\.1|::1))+\n$/,
  });
});

Deno.test("many at once, and dropped ones, cost nobody anything", async () => {
  const { stdout } = await lookup(
    ["at-once", ...Array(200).fill("localhost")],
    "--net",
    "localhost",
    "--net-private",
  );
  const lines = stdout.trimEnd().split("\n");
  assert.equal(lines.length, 200);
  for (const line of lines) assert.match(line, LOCALHOST);
  assertOutcome(await lookup(["drop", "200", "localhost"], "--net", "localhost", "--net-private"), {
    stdout: new RegExp(`${LOCALHOST.source.slice(0, -1)}\\n$`),
  });
});
