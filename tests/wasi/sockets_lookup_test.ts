/** Names and addresses, as a guest asks for them. */
import assert from "node:assert/strict";
import { NetworkError, type Reason } from "../../src/wasi/network/error.ts";
import { IoError } from "../../src/wasi/io/error.ts";
import type { Reach } from "../../src/wasi/network/reach.ts";
import { codeOf, networkErrorCode, translated } from "../../src/wasi/sockets/error_code.ts";
import { instanceNetwork } from "../../src/wasi/sockets/network.ts";
import { resolveAddresses } from "../../src/wasi/sockets/resolve_address_stream.ts";
import { finish, Guest, isCode, outcomeOf, until } from "./sockets_support.ts";
import { ipOf, network } from "./network_support.ts";

/** Who resolves names as the test says. */
function lookup(
  name: string,
  resolve: (name: string, signal?: AbortSignal) => Promise<readonly ReturnType<typeof ipOf>[]>,
) {
  return resolveAddresses(() => ({ resolve }) as unknown as Reach)(instanceNetwork(), name);
}

const LITERALS: [text: string, tag: "ipv4" | "ipv6", val: number[]][] = [
  ["0.0.0.0", "ipv4", [0, 0, 0, 0]],
  ["127.0.0.1", "ipv4", [127, 0, 0, 1]],
  ["192.0.2.0", "ipv4", [192, 0, 2, 0]],
  ["::", "ipv6", [0, 0, 0, 0, 0, 0, 0, 0]],
  ["::1", "ipv6", [0, 0, 0, 0, 0, 0, 0, 1]],
  ["[::]", "ipv6", [0, 0, 0, 0, 0, 0, 0, 0]],
  ["2001:0db8:0:0:0:0:0:0", "ipv6", [0x2001, 0xdb8, 0, 0, 0, 0, 0, 0]],
  ["DEAD:BEEF::0", "ipv6", [0xdead, 0xbeef, 0, 0, 0, 0, 0, 0]],
  ["::ffff:192.0.2.1", "ipv4", [192, 0, 2, 1]],
];

for (const [text, tag, val] of LITERALS) {
  Deno.test(`${text} is its own address, at once and whatever the rules are`, () => {
    using guest = new Guest(network([]));
    const stream = guest.lookup(text);
    assert.ok(stream.subscribe().ready());
    assert.deepEqual(stream.resolveNextAddress(), { tag, val });
    assert.equal(stream.resolveNextAddress(), undefined);
    assert.equal(stream.resolveNextAddress(), undefined);
  });
}

const INVALID = [
  "",
  " ",
  ".",
  "a b",
  "a.b<&>",
  "127.0.0.1:80",
  "[::]:80",
  "[::1",
  "[127.0.0.1]",
  "http://example.com/",
  "user@example.com",
  "example.com\0.org",
  "2130706433",
  "0x7f.1",
  "127.1",
  "fe80::1%eth0",
  "-",
  "a".repeat(64),
  `${"a.".repeat(127)}a`,
  "x".repeat(1 << 20),
  "ä".repeat(1 << 20),
];

for (const text of INVALID) {
  Deno.test(`${JSON.stringify(text.slice(0, 40))} is no name and no address`, () => {
    using guest = new Guest();
    assert.equal(outcomeOf(() => guest.lookup(text)), "invalid-argument");
  });
}

Deno.test("a name gives its addresses in the resolver's order, none twice and none mapped", async () => {
  const asked: string[] = [];
  const found = ["2001:db8::1", "192.0.2.1", "::ffff:192.0.2.1", "192.0.2.2", "2001:db8::1"];
  using stream = lookup("Example.COM", (name) => {
    asked.push(name);
    return Promise.resolve(found.map(ipOf));
  });
  assert.equal(outcomeOf(() => stream.resolveNextAddress()), "would-block");
  assert.ok(!stream.subscribe().ready());
  await until(stream);
  const texts = [];
  for (;;) {
    const next = stream.resolveNextAddress();
    if (next === undefined) break;
    texts.push(next.val.join("."));
  }
  assert.deepEqual(texts, ["8193.3512.0.0.0.0.0.1", "192.0.2.1", "192.0.2.2"]);
  assert.deepEqual(asked, ["Example.COM"]);
});

const CODES: [Reason, string][] = [
  ["denied", "access-denied"],
  ["private", "access-denied"],
  ["not-capable", "access-denied"],
  ["not-found", "name-unresolvable"],
  ["try-again", "temporary-resolver-failure"],
  ["resolver-failed", "permanent-resolver-failure"],
  ["too-many-sockets", "new-socket-limit"],
  ["refused", "connection-refused"],
  ["unreachable", "remote-unreachable"],
  ["timeout", "timeout"],
  ["reset", "connection-reset"],
  ["address-in-use", "address-in-use"],
  ["address-not-available", "address-not-bindable"],
  ["too-large", "datagram-too-large"],
  ["invalid-name", "invalid-argument"],
  ["other", "unknown"],
];

for (const [reason, code] of CODES) {
  Deno.test(`a lookup that fails as ${reason} is ${code}, every time; so is a stream`, async () => {
    using stream = lookup("example.com", () => Promise.reject(new NetworkError(reason, "/secret/path")));
    await until(stream);
    for (let i = 0; i < 2; i++) assert.throws(() => stream.resolveNextAddress(), isCode(code as never));
    const error = new IoError(new NetworkError(reason, "/secret/path"));
    assert.equal(networkErrorCode(error), code);
    assert.equal(error.toDebugString(), "NetworkError");
  });
}

Deno.test("codes that are finer than the reasons, and errors that are none of the network", () => {
  const named = (code: string) => translated(Object.assign(new Error(), { code })).payload;
  assert.equal(named("ECONNABORTED"), "connection-aborted");
  assert.equal(named("ENOMEM"), "out-of-memory");
  assert.equal(named("ENOBUFS"), "out-of-memory");
  assert.equal(named("EMFILE"), "new-socket-limit");
  assert.equal(named("constructor"), "unknown");
  assert.equal(codeOf(new NetworkError("other", "", { cause: "text" })), "unknown");
  assert.equal(networkErrorCode(new IoError(new Error("a file's"))), undefined);
});

Deno.test("a lookup that is dropped is given up", async () => {
  let signal: AbortSignal | undefined;
  const stream = lookup("example.com", (_, given) => {
    signal = given;
    return new Promise((_, reject) => given!.addEventListener("abort", () => reject(given!.reason)));
  });
  assert.ok(signal && !signal.aborted);
  stream[Symbol.dispose]();
  assert.ok(signal.aborted);
  await Promise.resolve();
});

Deno.test("the system's own names: localhost is found, where the rules let it", async () => {
  using guest = new Guest();
  const found = await guest.addresses("localhost");
  assert.ok(found.length > 0);
  for (const { tag, val } of found) assert.ok(tag === "ipv4" ? val[0] === 127 : val[7] === 1);
  using refused = new Guest(network(["example.com"]));
  await assert.rejects(refused.addresses("localhost"), isCode("access-denied"));
  using hidden = new Guest({ rules: undefined, private: false });
  await assert.rejects(hidden.addresses("localhost"), isCode("access-denied"));
});

Deno.test("lookups that are under way count as sockets", async () => {
  using guest = new Guest(undefined, { sockets: 2 });
  const streams = [guest.lookup("localhost"), guest.lookup("localhost"), guest.lookup("localhost")];
  await assert.rejects(
    finish(streams[2]!, () => streams[2]!.resolveNextAddress()),
    isCode("new-socket-limit"),
  );
  await finish(streams[0]!, () => streams[0]!.resolveNextAddress());
  await finish(streams[1]!, () => streams[1]!.resolveNextAddress());
  await guest.addresses("localhost");
});
