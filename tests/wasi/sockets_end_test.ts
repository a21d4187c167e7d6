/** The end of a guest with sockets, and what it costs while it waits: in processes of their own. */
import assert from "node:assert/strict";
import { createSocket } from "node:dgram";

async function child(part: string, scope: string[] = ["-A"], ...words: string[]): Promise<string> {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "--no-check",
      "--no-prompt",
      ...scope,
      new URL("sockets_child.ts", import.meta.url).href,
      part,
      ...words,
    ],
    signal: AbortSignal.timeout(60_000),
    stdin: "null",
  }).output();
  assert.equal(code, 0, new TextDecoder().decode(stderr));
  return new TextDecoder().decode(stdout).trim();
}

Deno.test("a guest that has ended holds nothing: the process has nothing left to do", async () => {
  // Nothing else is opened for it either.
  assert.equal(await child("end"), "unknown unknown");
});

Deno.test("release() ends the sockets of the imports", async () => {
  assert.equal(await child("ended"), "released");
});

Deno.test("what was sent before the end is out when release() is done, in its order", async () => {
  const socket = createSocket("udp4");
  await new Promise<void>((resolve) => socket.bind(0, "127.0.0.1", resolve));
  const got: number[] = [];
  const all = new Promise<void>((resolve) => {
    socket.on("message", (data) => {
      got.push(data[0]!);
      if (got.length === 20) resolve();
    });
  });
  await child("burst", ["-A"], `${socket.address().port}`);
  await all;
  assert.deepEqual(got, Array.from({ length: 20 }, (_, i) => i));
  await new Promise<void>((resolve) => socket.close(resolve));
});

Deno.test("to wait costs nothing, and nobody is woken in vain", async () => {
  const { ready, wakes, milliseconds } = JSON.parse(await child("idle"));
  assert.deepEqual(ready, [4], "only the timer");
  assert.equal(wakes, 0);
  assert.ok(milliseconds < 250, `${milliseconds} ms of CPU in 500 ms of waiting`);
});

Deno.test("a guest that takes all it can get has no more than its share, and leaves nothing", {
  ignore: Deno.build.os !== "linux",
}, async () => {
  assert.deepEqual(JSON.parse(await child("hoard")), { outcomes: ["new-socket-limit", "ok"], few: true });
});

Deno.test("what the process may not do is denied by name, without a question", async () => {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr;
  listener.close();
  const scope = ["--allow-read", "--allow-env", `--allow-net=127.0.0.1:${port}`];
  assert.equal(
    await child("scope", scope, `${port}`),
    "ok access-denied access-denied access-denied access-denied ok true",
  );
});
