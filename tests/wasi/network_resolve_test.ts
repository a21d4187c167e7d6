/** Lookups: what is asked of the resolver at all, and what a guest is told of the answer. */
import assert from "node:assert/strict";
import { formatIp } from "../../src/grant/network.ts";
import { NetworkError } from "../../src/wasi/network/error.ts";
import { Reach } from "../../src/wasi/network/reach.ts";
import { Turns } from "../../src/wasi/network/turns.ts";
import { ipOf, network, reasonOf, refusalOf } from "./network_support.ts";

Deno.test("an address is its own answer: nothing is looked up, and no rule is asked", async () => {
  const reach = new Reach(network([]));
  for (const text of ["127.0.0.1", "::1", "::ffff:10.0.0.1", "2001:DB8:0:0::1"]) {
    assert.deepEqual(await reach.resolve(text), [ipOf(text)]);
  }
  // As it is: that a guest has it does not make it allowed.
  assert.ok(!reach.mayReach("tcp", ipOf("127.0.0.1"), 80));
});

Deno.test("a name is looked up where a rule for sockets has it, and told where all it leads to may be used", async () => {
  const cases = [
    [undefined, "localhost", undefined],
    [network(["localhost"], true), "LOCALHOST.", undefined],
    [network(["localhost", "127.0.0.1", "::1"]), "localhost", undefined],
    [{ rules: undefined, private: true }, "localhost", undefined],
    [{ rules: undefined, private: false }, "localhost", "private"],
    [network(["localhost"]), "localhost", "private"],
    [network(["*"]), "localhost", "private"],
    [network(["https://localhost"], true), "localhost", "denied"],
    [network(["127.0.0.1"]), "localhost", "denied"],
    [network([]), "localhost", "denied"],
    [network(["*"], true), "nobody.invalid", "not-found"],
    // A name that no rule has is not looked up: it is not even found out that nobody has it.
    [network(["localhost"], true), "nobody.invalid", "denied"],
    [undefined, "", "invalid-name"],
    [undefined, "127.1", "invalid-name"],
    [undefined, "0x7f000001", "invalid-name"],
    [undefined, "[::1]", "invalid-name"],
    [undefined, "fe80::1%lo", "invalid-name"],
    [undefined, "a b", "invalid-name"],
    [undefined, "local\0host", "invalid-name"],
    [undefined, "x".repeat(1 << 20), "invalid-name"],
  ] as const;
  for (const [rules, name, reason] of cases) {
    const reach = new Reach(rules);
    if (reason !== undefined) assert.equal(await reasonOf(reach.resolve(name)), reason, name.slice(0, 50));
    else {
      const found = (await reach.resolve(name)).map(formatIp);
      assert.ok(found.includes("127.0.0.1"));
      assert.equal(new Set(found).size, found.length);
    }
  }
});

Deno.test("messages for the operator name what was asked, in one line of bounded length", async () => {
  const reach = new Reach(network([]));
  assert.deepEqual(await refusalOf(reach.resolve("db.internal")), {
    reason: "denied",
    message: "no rule of wasi.network allows sockets to db.internal",
  });
  const { message } = await refusalOf(reach.resolve(`\n${"x".repeat(1 << 20)}`));
  assert.match(message, /^"\\nx+…" is no host name$/);
  assert.ok(message.length < 200);
});

Deno.test("lookups count as sockets while they are under way", async () => {
  const reach = new Reach(undefined, { sockets: 3 });
  const all = await Promise.allSettled(Array.from({ length: 10 }, () => reach.resolve("localhost")));
  const refused = all.filter((result) => result.status === "rejected").map(({ reason }) => reason.reason);
  assert.deepEqual(refused, new Array(7).fill("too-many-sockets"));
  await reach.resolve("localhost");
});

Deno.test("a lookup that is given up ends with the signal, and nothing of it is remembered", async () => {
  const reach = new Reach(network(["localhost"], true));
  const timeout = AbortSignal.abort(new NetworkError("timeout", "it took too long"));
  assert.equal(await reasonOf(reach.resolve("localhost", timeout)), "timeout");
  const controller = new AbortController();
  const lookup = reasonOf(reach.resolve("localhost", controller.signal));
  controller.abort("enough");
  assert.equal(await lookup, "other");
  assert.ok(!reach.mayReach("tcp", ipOf("127.0.0.1"), 80));
});

Deno.test("at most so many work at once, in order, and one that fails gives its turn on", async () => {
  const turns = new Turns(2);
  const began: number[] = [];
  const ends: PromiseWithResolvers<void>[] = [];
  let most = 0, now = 0;
  const all = [0, 1, 2, 3, 4].map((i) =>
    turns.run(async () => {
      began.push(i);
      most = Math.max(most, ++now);
      ends[i] = Promise.withResolvers();
      await ends[i].promise.finally(() => now--);
      return i;
    })
  );
  assert.deepEqual(began, [0, 1]);
  ends[1]!.reject(new Error("failed"));
  await assert.rejects(all[1]!, { message: "failed" });
  ends[0]!.resolve();
  assert.equal(await all[0], 0);
  assert.deepEqual(began, [0, 1, 2, 3]);
  ends[2]!.resolve();
  ends[3]!.resolve();
  assert.deepEqual([await all[2], await all[3]], [2, 3]);
  ends[4]!.resolve();
  assert.equal(await all[4], 4);
  assert.equal(most, 2);
});
