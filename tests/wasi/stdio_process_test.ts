/** Standard streams over real pipes: what a shell does to a program. */
import assert from "node:assert/strict";
import { text } from "./support.ts";

const unix = Deno.build.os !== "windows";
const linux = Deno.build.os === "linux";
const child = new URL("child.ts", import.meta.url).pathname;

interface Outcome {
  code: number;
  stdout: Uint8Array;
  stderr: string;
}

/** Runs a shell script in which `guest <mode>` is the program under test. */
async function sh(script: string, flags = ""): Promise<Outcome> {
  const guest =
    `guest() { "${Deno.execPath()}" run --quiet --no-prompt --no-check --no-lock ${flags} "${child}" "$@"; }`;
  const { code, stdout, stderr } = await new Deno.Command("bash", { args: ["-c", `${guest}\n${script}`] })
    .output();
  return { code, stdout, stderr: text(stderr) };
}

for (const mode of ["cat", "splice", "spin"]) {
  Deno.test({
    name: `${mode} passes on what it reads and ends with its input`,
    ignore: !unix,
    fn: async () => {
      const { stdout, stderr } = await sh(`printf 'one\\ntwo' | guest ${mode}`);
      assert.equal(text(stdout), "one\ntwo");
      assert.equal(stderr, "closed\n");
    },
  });
}

for (const mode of ["cat", "splice"]) {
  for (const how of ["pipe", "file"]) {
    Deno.test({
      name: `${mode} passes on 10 MB from a ${how}, every byte in its place`,
      ignore: !unix,
      fn: async () => {
        const file = await Deno.makeTempFile();
        try {
          const input = how === "file" ? `< ${file} guest ${mode}` : `cat ${file} | guest ${mode}`;
          const { stdout } = await sh(
            `seq 1 1300000 > ${file}; ${input} 2>/dev/null | cmp - ${file} && wc -c < ${file}`,
          );
          assert.equal(text(stdout).trim(), "9288896");
        } finally {
          await Deno.remove(file);
        }
      },
    });
  }
}

const empty = [["empty input", "</dev/null"], ["closed input", "<&-"]] as const;
for (const [what, redirect] of empty) {
  Deno.test({
    name: `${what} is the end at once`,
    ignore: !unix,
    fn: async () => {
      const { stdout, stderr } = await sh(`guest cat ${redirect}`);
      assert.equal(stdout.length, 0);
      assert.equal(stderr, "closed\n");
    },
  });
}

Deno.test({
  name: "a reader that goes away closes the guest's output and does not kill the process",
  ignore: !unix,
  fn: async () => {
    const { stdout, stderr } = await sh(`guest yes | head -c 1; echo " \${PIPESTATUS[0]}"`);
    assert.equal(text(stdout), "y 0\n");
    assert.equal(stderr, "closed\n");
  },
});

Deno.test({
  name: "closed output takes everything, as /dev/null does",
  ignore: !unix,
  fn: async () => {
    const { code } = await sh(`echo x | guest cat >&- 2>/dev/null`);
    assert.equal(code, 0);
  },
});

Deno.test({
  name: "a guest that waits for input with a timeout gets its timeout, and may exit then",
  ignore: !unix,
  fn: async () => {
    const { code } = await sh(`sleep 1 | guest timeout; exit \${PIPESTATUS[1]}`);
    assert.equal(code, 7);
  },
});

Deno.test({
  name: "a program leaves what it did not ask for to the next one",
  ignore: !unix,
  fn: async () => {
    const file = await Deno.makeTempFile();
    await Deno.writeTextFile(file, "x".repeat(100_000));
    const { stdout } = await sh(`{ guest timeout; wc -c; } < ${file}`);
    assert.equal(text(stdout).trim(), `${100_000 - 4096}`);
    await Deno.remove(file);
  },
});

for (const how of ["", "nonblocking"]) {
  Deno.test({
    name: `nothing is lost when a guest exits right after a ${how} write to a slow reader`,
    ignore: !linux,
    fn: async () => {
      const { stdout, stderr } = await sh(
        `guest flood ${how} | { sleep 0.5; wc -c; }; echo "\${PIPESTATUS[0]}"`,
        how && "--allow-ffi",
      );
      assert.deepEqual(text(stdout).trim().split(/\s+/), [stderr, "3"]);
      assert.ok(Number(stderr) >= 65536);
    },
  });

  Deno.test({
    name: `2 MB come through a slow ${how} pipe`,
    ignore: !linux,
    fn: async () => {
      const { stdout } = await sh(
        `head -c 2000000 /dev/zero | guest cat ${how} 2>/dev/null | { sleep 0.2; wc -c; }`,
        how && "--allow-ffi",
      );
      assert.equal(text(stdout).trim(), "2000000");
    },
  });
}

Deno.test({
  name: "a non-blocking pipe whose reader goes away while there is a backlog lets the process end",
  ignore: !linux,
  fn: async () => {
    const { stdout } = await sh(
      `guest flood nonblocking | sleep 0.3; echo "\${PIPESTATUS[0]}"`,
      "--allow-ffi",
    );
    assert.equal(text(stdout), "3\n");
  },
});

Deno.test({
  name: "pipes are no terminals",
  ignore: !unix,
  fn: async () => {
    const { stdout } = await sh(`guest terminals </dev/null`);
    assert.equal(text(stdout), "");
  },
});

Deno.test({
  name: "terminals are terminals",
  ignore: !linux || !await has("script"),
  fn: async () => {
    const command = `${Deno.execPath()} run --quiet --no-prompt --no-check --no-lock ${child} terminals`;
    const { stdout } = await sh(`script -qec '${command}' /dev/null </dev/null`);
    assert.match(text(stdout), /stdout stderr/);
  },
});

Deno.test("the published types are for the checker: nothing is downloaded to run", async () => {
  const cache = await Deno.makeTempDir();
  try {
    const { stdout, stderr } = await sh(
      `DENO_DIR=${cache} guest timeout </dev/null; echo $?`,
      "--cached-only",
    );
    assert.deepEqual([text(stdout), stderr], ["8\n", ""]);
  } finally {
    await Deno.remove(cache, { recursive: true });
  }
});

async function has(program: string): Promise<boolean> {
  const { success } = await new Deno.Command("bash", {
    args: ["-c", `command -v ${program}`],
    stdout: "null",
  }).output();
  return success;
}
