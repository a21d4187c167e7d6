/** The way out in processes whose own permissions are exactly what the rules say, or less. Nobody is ever asked. */
import assert from "node:assert/strict";
import { fromFileUrl } from "../support/tree.ts";
import type { Task } from "./network_child.ts";
import { Door } from "./network_support.ts";

/** What came of the steps, in a process with these flags. */
async function child(flags: readonly string[], task: Partial<Task>): Promise<unknown[]> {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [
      ...["run", "--quiet", "--no-check", ...flags],
      fromFileUrl(new URL("network_child.ts", import.meta.url)),
      JSON.stringify({ rules: undefined, private: false, ...task }),
    ],
    stdin: "null",
  }).output();
  const text = new TextDecoder();
  assert.deepEqual([code, text.decode(stderr)], [0, ""]);
  return text.decode(stdout).trimEnd().split("\n").map((line) => JSON.parse(line));
}

const dial = (host: string, port: number) =>
  ({ dial: host, by: /^[\d.:]+$/.test(host) ? "address" : "name", scheme: "tcp", port }) as const;
const ask = (host: string, port: number) => ({ dial: host, by: "name", scheme: "http", port }) as const;

Deno.test("with the scope of a name alone, its address is reached by the name that led to it", async () => {
  using door = new Door();
  const { port } = door;
  const rules = [`localhost:${port}`];
  const steps = [
    dial("127.0.0.1", port),
    { resolve: "localhost" },
    dial("127.0.0.1", port),
    dial("127.0.0.2", port),
  ];
  const [before, found, reached, other] = await child([`--allow-net=localhost:${port}`], {
    rules,
    private: true,
    steps,
  });
  assert.match(String(before), /^denied: no rule allows tcp:\/\/127\.0\.0\.1/);
  assert.ok((found as string[]).includes("127.0.0.1"), String(found));
  assert.equal(reached, "127.0.0.1");
  assert.match(String(other), /^denied: /);
  // The lookup, which in so narrow a scope begins a connection, did not come.
  assert.equal(await door.settled(), 1);
});

Deno.test("with the scope of a name at every port, it is looked up by the resolver", async () => {
  using door = new Door();
  const { port } = door;
  const steps = [{ resolve: "localhost" }, dial("127.0.0.1", port)];
  const [found, reached] = await child(["--allow-net=localhost"], {
    rules: ["localhost"],
    private: true,
    steps,
  });
  assert.ok((found as string[]).includes("127.0.0.1"));
  assert.equal(reached, "127.0.0.1");
});

Deno.test("with the scope of an address alone, it is reached by itself", async () => {
  using door = new Door();
  using other = new Door("::1");
  const rules = [`127.0.0.1:${door.port}`, `[::1]:${other.port}`];
  const flags = [`--allow-net=127.0.0.1:${door.port},[::1]:${other.port}`];
  const steps = [
    dial("127.0.0.1", door.port),
    dial("::ffff:127.0.0.1", door.port),
    dial("::1", other.port),
    dial("::1", door.port),
  ];
  const [first, mapped, second, denied] = await child(flags, { rules, steps });
  assert.deepEqual([first, mapped, second], ["127.0.0.1", "127.0.0.1", "::1"]);
  assert.match(String(denied), /^denied: /);
});

Deno.test("by name, in the scope of that name at that port; a private address is refused before any packet", async () => {
  using door = new Door();
  const { port } = door;
  const flags = [`--allow-net=localhost:${port}`];
  const rules = [`http://localhost:${port}`];
  const steps = [ask("localhost", port)];
  assert.deepEqual(await child(flags, { rules, private: true, steps }), ["127.0.0.1"]);
  assert.equal(await door.settled(), 1);
  const [hidden] = await child(flags, { rules, steps });
  assert.match(
    String(hidden),
    /^private: http:\/\/localhost:\d+ leads to (127\.0\.0\.1|::1), which is private; /,
  );
  assert.equal(await door.settled(), 1);
});

Deno.test("what the rules allow and the process may not names the flag, and is not asked for", async () => {
  using door = new Door();
  const { port } = door;
  const rules = [`localhost:${port}`, "127.0.0.1", "::1"];
  const steps = [
    dial("127.0.0.1", port),
    dial("::1", port),
    ask("localhost", port),
    { resolve: "localhost" },
  ];
  const needed = [
    `not-capable: to connect to 127.0.0.1:${port}, this process needs --allow-net=127.0.0.1:${port}`,
    `not-capable: to connect to [::1]:${port}, this process needs --allow-net=[::1]:${port}`,
    `not-capable: to connect to localhost:${port}, this process needs --allow-net=localhost:${port}`,
    `not-capable: to look localhost up, this process needs --allow-net=localhost:${port}`,
  ];
  // Without --no-prompt, too: Deno would ask on a terminal.
  for (
    const flags of [["--no-prompt"], [], ["--no-prompt", "--allow-net=localhost:1"], ["--deny-net", "-A"]]
  ) {
    assert.deepEqual(await child(flags, { rules, private: true, steps }), needed, flags.join(" "));
  }
  // Each of the flags is enough for what asked for it.
  for (const [i, line] of needed.entries()) {
    const flag = / (--allow-net=\S+)$/.exec(line)![1]!;
    const [came] = await child([flag], { rules, private: true, steps: [steps[i]!] });
    assert.doesNotMatch(String(came), /not-capable/);
  }
});

Deno.test("an unrestricted guest gets what the process may, and no more", async () => {
  using door = new Door();
  const { port } = door;
  const steps = [dial("127.0.0.1", port), ask("localhost", port), { resolve: "localhost" }];
  const [reached, name, lookup] = await child([`--allow-net=127.0.0.1:${port}`], { steps });
  assert.equal(reached, "127.0.0.1");
  assert.match(String(name), /^not-capable: .* --allow-net=localhost:\d+$/);
  assert.equal(lookup, "not-capable: to look localhost up, this process needs --allow-net=localhost");
});

Deno.test("a guest that opens nothing loads nothing of the network", () => {
  const folder = new URL("../../src/wasi/network/", import.meta.url);
  let files = 0;
  for (const { name } of Deno.readDirSync(folder)) {
    files++;
    const text = Deno.readTextFileSync(new URL(name, folder));
    for (const [line] of text.matchAll(/^(?:import|export)\b[^;]*?from "node:[^;]*;/gm)) {
      assert.match(line, /^import type /, `${name}: ${line}`);
    }
  }
  assert.ok(files > 5);
});
