/** A secret in the variables of whoever starts a guest, and one in a file outside of its mounts: nothing of it is seen. */
import assert from "node:assert/strict";
import { airlock, commandLine, environment, type Outcome, repository } from "../support/airlock.ts";
import { component, entry, hashOf, HEAD, type Project, project } from "../support/project.ts";
import { pathOf } from "../guests/run.ts";

const linux = Deno.build.os === "linux";
const CANARY = `canary-${crypto.randomUUID()}`;
const env = { CANARY };

/** Ways to start the same guest, `race`; `@` is the directory of the project. */
const STARTS: Readonly<Record<string, readonly string[]>> = {
  "exec, inline": [
    "exec",
    "@/race.wasm",
    "--isolation",
    "inline",
    "--dir",
    "@/box::/box",
    "--env",
    "MINE=granted",
    "--",
  ],
  "exec, its process": ["exec", "@/race.wasm", "--dir", "@/box::/box", "--env", "MINE=granted", "--"],
  "exec, a child": [
    ...[
      "exec",
      "@/race.wasm",
      "--max-execution-ms",
      "60000",
      "--dir",
      "@/box::/box",
      "--env",
      "MINE=granted",
      "--",
    ],
  ],
  "run": ["run", "@/app.yaml", "it"],
};

async function place(): Promise<Project> {
  const bytes = component(pathOf("race"));
  const folder = await project({
    "race.wasm": bytes,
    "secret": CANARY,
    "secret.env": `CANARY=${CANARY}`,
    "box/mine": "what is mine",
    "box/below/deeper/file": "deep",
    "app.yaml": `${HEAD}  - {name: box, kind: fs.directory, directory: box}
  - {name: os, kind: env.storage.os}
  - {name: file, kind: env.storage.file, file_path: secret.env}
  - {name: mine, kind: env.variable, variable: MINE, storage: os}
  - {name: other, kind: env.variable, variable: CANARY, storage: os}
  - {name: none, kind: env.variable, variable: NOT_THERE, storage: os}
${
      entry({
        kind: "process.wasm",
        path: "race.wasm",
        hash: await hashOf(bytes),
        method: "wasi:cli/run@0.2.3#run",
        imports: "[wasi:cli, wasi:io, wasi:clocks, wasi:random, wasi:filesystem]",
        wasi: "{mounts: [{fs: box, guest: /box}], env: [{id: mine, name: MINE}]}",
      })
    }`,
  });
  const { directory } = folder;
  for (const [name, target] of Object.entries({ link: "../secret", up: "..", "below/way": "../../secret" })) {
    await Deno.symlink(target, `${directory}/box/${name}`);
  }
  return folder;
}

const filled = (words: readonly string[], { directory }: Project) =>
  words.map((word) => word.replaceAll("@", directory));

for (const [name, words] of Object.entries(STARTS)) {
  Deno.test({
    name: `a guest that prints all it can see prints no secret: ${name}`,
    ignore: !linux,
    async fn() {
      await using folder = await place();
      const everything = ["told", "all=/box", "read=/box/link", "all=/", "all=.", "all=/box/.."];
      const outcome = await airlock(filled([...words, ...everything], folder), {
        env: { ...env, MINE: "granted" },
      });
      assert.match(outcome.stdout, /^MINE=granted\n/m);
      assert.match(outcome.stdout, /mine: what is mine\n/);
      assert.match(outcome.stdout, /deeper\/file: deep\n/);
      assertUnseen(outcome);
    },
  });

  if (name === "exec, inline") continue;
  Deno.test({
    name: `a guest's process has no variable but its own, and no secret in its command line: ${name}`,
    ignore: !linux,
    async fn() {
      await using folder = await place();
      const [program, ...args] = commandLine(filled([...words, "wait"], folder));
      const child = new Deno.Command(program!, {
        args,
        cwd: repository,
        clearEnv: true,
        env: environment({ ...env, MINE: "granted" }),
        stdin: "piped",
        stdout: "piped",
        stderr: "inherit",
      }).spawn();
      try {
        const reader = child.stdout.getReader();
        // So the guest is running: the process is what it was to become.
        assert.match(new TextDecoder().decode((await reader.read()).value), /waiting/);
        const guests = guestsOf(child.pid);
        assert.ok(guests.length === 1, `the guest's process is among ${child.pid} and its children`);
        for (const pid of guests) {
          const variables = Deno.readTextFileSync(`/proc/${pid}/environ`);
          const names = variables.split("\0").filter((it) => it !== "").map((it) =>
            it.slice(0, it.indexOf("="))
          );
          assert.deepEqual(
            names.filter((it) => !/^(DENO_DIR|DENO_EMIT_CACHE_MODE|DENO_LOG|AIRLOCK_JOB(_\d+)?)$/.test(it)),
            [],
          );
          const line = Deno.readTextFileSync(`/proc/${pid}/cmdline`);
          assert.ok(!variables.includes(CANARY) && !line.includes(CANARY));
          assert.ok(
            !line.includes("MINE") && !line.includes("granted"),
            "variables are not in the command line",
          );
        }
        await reader.cancel();
      } finally {
        await child.stdin.close().catch(() => {});
        child.kill("SIGKILL");
        await child.status;
      }
    },
  });
}

/** Of a process and those below it, the ones that run guests. */
function guestsOf(pid: number): number[] {
  const own = Deno.readTextFileSync(`/proc/${pid}/cmdline`).includes("/dist/guest.js\0") ? [pid] : [];
  const threads = [...Deno.readDirSync(`/proc/${pid}/task`)];
  const children = threads.flatMap(({ name }) =>
    Deno.readTextFileSync(`/proc/${pid}/task/${name}/children`).split(" ").filter((it) => it !== "").map(
      Number,
    )
  );
  return [...own, ...children.flatMap(guestsOf)];
}

/** Runs that fail, each in another place. */
const FAILURES: Readonly<Record<string, readonly string[]>> = {
  "no such component": ["exec", "@/none.wasm"],
  "a component that is the secret": ["exec", "@/secret"],
  "no such directory": ["exec", "@/race.wasm", "--dir", "@/none::/box"],
  "a directory that is the secret": ["exec", "@/race.wasm", "--dir", "@/secret::/box"],
  "no such function": ["exec", "@/race.wasm", "--invoke", "none"],
  "no such option": ["exec", "@/race.wasm", "--none"],
  "a trap": ["exec", pathOf("process"), "--", "trap"],
  "abort": ["exec", pathOf("process"), "--", "abort"],
  "an exit code": ["exec", pathOf("process"), "--", "code", "42"],
  "a capability that is not granted": ["exec", pathOf("tcp"), "--", "a create 4"],
  "the end of its time": ["exec", pathOf("endless"), "--invoke", "spin", "--max-execution-ms", "1000"],
  "no such entry": ["run", "@/app.yaml", "none"],
  "no such configuration": ["run", "@/none.yaml", "it"],
  "a configuration with another hash": ["run", "@/hash.yaml", "it"],
  "a variable that is required and not there": ["run", "@/required.yaml", "it"],
  "a mount that is the secret": ["run", "@/mount.yaml", "it"],
  "a check of a broken one": ["check", "@/broken.yaml"],
};

/** Configurations that are wrong in one place. */
function wrong(text: string): Readonly<Record<string, string>> {
  return {
    "hash.yaml": text.replace(/sha256:[0-9a-f]{8}/, "sha256:00000000"),
    "required.yaml": text.replace(
      "{id: mine, name: MINE}",
      "{id: other, name: CANARY}, {id: none, name: NONE, required: true}",
    ),
    "mount.yaml": text.replace("directory: box", "directory: secret"),
    "broken.yaml": text.replace("kind: env.storage.os", "kind: [")
      .replace("file_path: secret.env", "file_path: secret.env, file_mode: x"),
  };
}

for (const [name, words] of Object.entries(FAILURES)) {
  Deno.test({
    name: `no failure prints a secret: ${name}`,
    ignore: !linux,
    async fn() {
      await using folder = await place();
      const { directory } = folder;
      for (const [file, text] of Object.entries(wrong(await Deno.readTextFile(`${directory}/app.yaml`)))) {
        await Deno.writeTextFile(`${directory}/${file}`, text);
      }
      const outcome = await airlock(filled(words, folder), { env });
      assert.notEqual(outcome.code, 0, outcome.stdout);
      assertUnseen(outcome);
    },
  });
}

function assertUnseen({ stdout, stderr }: Outcome): void {
  for (const text of [stdout, stderr]) assert.ok(!text.includes(CANARY), text);
}
