/** The standard streams: streaming both ways, ends, readers that go away. */
import assert from "node:assert/strict";
import { assertOutcome, commandLine, environment, repository, shell } from "../support/airlock.ts";
import { exec, pathOf, unix } from "./run.ts";

const program = `airlock exec ${pathOf("streams")} --`;

Deno.test("stdin reaches stdout byte for byte, 20 MB of it", async () => {
  const script =
    `head -c 20000000 /dev/urandom > "$f"; md5sum < "$f"; ${program} echo < "$f" | md5sum; rm "$f"`;
  const { stdout, stderr } = await shell(`f=$(mktemp); ${script}`);
  assert.equal(stderr, "");
  const [before, after] = stdout.split("\n");
  assert.match(before!, /^\w{32}/);
  assert.equal(after, before);
});

Deno.test("an answer comes for each line, before the next is there", async () => {
  const [deno, ...args] = commandLine(["exec", pathOf("streams"), "--", "line"]);
  const child = new Deno.Command(deno!, {
    args,
    cwd: repository,
    clearEnv: true,
    env: environment(),
    stdin: "piped",
    stdout: "piped",
  }).spawn();
  const writer = child.stdin.getWriter();
  const reader = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  for (const line of ["one\n", "zwei\n", "三\n"]) {
    await writer.write(new TextEncoder().encode(line));
    // libc may write a line in two parts, and a pipe deliver them one by one.
    let answer = "";
    while (!answer.endsWith("\n")) {
      const { done, value } = await reader.read();
      assert.equal(done, false, `the end came after ${JSON.stringify(answer)}`);
      answer += value;
    }
    assert.equal(answer, `got ${line}`);
  }
  await writer.close();
  assert.equal((await reader.read()).done, true);
  assert.equal((await child.status).code, 0);
});

Deno.test("nothing is lost when a guest exits right after a write", async () => {
  for (const bytes of [1, 4096, 65_537, 10_000_000]) {
    const { stdout } = await shell(
      `${program} fill ${bytes} | { sleep 0.2; wc -c; }; echo "\${PIPESTATUS[0]}"`,
    );
    assert.equal(stdout, `${bytes}\n0\n`);
  }
});

Deno.test("stdout and stderr are each their own", async () => {
  assertOutcome(await exec("streams", ["both"]), {
    stdout: "out 0\nout 1\nout 2\n",
    stderr: "err 0\nerr 1\nerr 2\n",
  });
});

Deno.test("the end of stdin is the end: a pipe, a file, nothing, closed", async () => {
  const ended = "read after the end: 0\n";
  assertOutcome(await shell(`printf 'a\\0b' | ${program} count`), { stdout: `3 bytes, sum 195\n${ended}` });
  assertOutcome(await shell(`${program} count < LICENSE | head -n 1 | cut -d' ' -f1`), {
    stdout: `${(await Deno.stat(`${repository}/LICENSE`)).size}\n`,
  });
  assertOutcome(await shell(`${program} count < /dev/null`), { stdout: `0 bytes, sum 0\n${ended}` });
  assertOutcome(await shell(`${program} count <&-`), { stdout: `0 bytes, sum 0\n${ended}` });
});

// The stream is closed, says the host; the adapter of preview 1 has EIO for that.
Deno.test({ name: "a guest learns that nobody reads any more, and goes on", ignore: !unix }, async () => {
  const { stdout, stderr } = await shell(`${program} pipe | head -c 3 > /dev/null; echo "\${PIPESTATUS[0]}"`);
  assert.equal(stdout, "1\n");
  assert.equal(stderr, "write: EIO\nwrite again: EIO\n");
});
