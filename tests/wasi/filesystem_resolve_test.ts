/** Path resolution against the kernel's own, and random programs that must not change anything outside. */
import assert from "node:assert/strict";
import fc from "fast-check";
import type { Descriptor } from "../../src/wasi/filesystem/descriptor.ts";
import { OpenDirectory } from "../../src/wasi/filesystem/directory.ts";
import { MountPoint } from "../../src/wasi/filesystem/mount.ts";
import { Opened } from "../../src/wasi/filesystem/opened.ts";
import { locate } from "../../src/wasi/filesystem/resolve.ts";
import { outcome, picture, READ, sandbox } from "./filesystem_support.ts";

/** Linux, x86 and ARM alike. */
const CODES: Readonly<Record<number, string>> = {
  2: "no-entry",
  18: "not-permitted",
  20: "not-directory",
  36: "name-too-long",
  40: "loop",
};

/** A process that asks the kernel; `undefined` where there is no such kernel, or no Python. */
async function kernel() {
  try {
    const args = [new URL("filesystem_oracle.py", import.meta.url).pathname];
    const child = new Deno.Command("python3", { args, stdin: "piped", stdout: "piped", stderr: "null" })
      .spawn();
    const writer = child.stdin.getWriter();
    const reader = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
    const close = async () => {
      await writer.close();
      await reader.cancel();
      await child.status;
    };
    let rest = "";
    const line = async () => {
      for (;;) {
        const end = rest.indexOf("\n");
        if (end >= 0) {
          const found = rest.slice(0, end);
          rest = rest.slice(end + 1);
          return found;
        }
        const { value, done } = await reader.read();
        if (done) return "false";
        rest += value;
      }
    };
    if (await line() !== "true") return void await close();
    const ask = async (questions: readonly unknown[]): Promise<(number | [number, number])[]> => {
      // A line each way at a time would wait for the other process every time.
      await writer.write(new TextEncoder().encode(questions.map((q) => JSON.stringify(q) + "\n").join("")));
      const answers = [];
      for (const _ of questions) answers.push(JSON.parse(await line()));
      return answers;
    };
    return { ask, close };
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

const name = fc.constantFrom("a", "b", "c", "d");
const step = fc.oneof(
  { weight: 6, arbitrary: name },
  { weight: 3, arbitrary: fc.constantFrom("..", ".", "") },
  { weight: 1, arbitrary: fc.constantFrom("root", "canary", "missing") },
);
const steps = fc.array(step, { minLength: 1, maxLength: 7 }).map((parts) => parts.join("/"));
/** Where links lead, and what is asked for. A path that is empty, or starts with a slash, is one of them. */
const path = fc.oneof(
  { weight: 9, arbitrary: steps },
  { weight: 1, arbitrary: fc.constantFrom("/", "/a", "/etc", "..", "../canary/secret", "a/", "./") },
);

const entry = fc.record({
  parent: fc.nat(5),
  name,
  what: fc.oneof(
    { weight: 3, arbitrary: fc.constant({ kind: "directory" as const }) },
    { weight: 2, arbitrary: fc.constant({ kind: "file" as const }) },
    {
      weight: 5,
      arbitrary: path.filter((target) => target !== "").map((target) => ({ kind: "link" as const, target })),
    },
  ),
});

type Entry = typeof entry extends fc.Arbitrary<infer T> ? T : never;

/** Makes a tree; gives its directories. Entries whose names are taken are left out. */
function grow(root: string, entries: readonly Entry[]): string[] {
  const directories = [root];
  for (const { parent, name, what } of entries) {
    const place = `${directories[parent % directories.length]}/${name}`;
    try {
      if (what.kind === "directory") Deno.mkdirSync(place);
      else if (what.kind === "file") Deno.writeTextFileSync(place, place, { createNew: true });
      else Deno.symlinkSync(what.target, place);
      if (what.kind === "directory") directories.push(place);
    } catch (error) {
      if (!(error instanceof Deno.errors.AlreadyExists)) throw error;
    }
  }
  return directories;
}

const RUNS = 150;

Deno.test("random paths in random trees resolve as openat2 with RESOLVE_BENEATH does", async (t) => {
  const oracle = await kernel();
  if (oracle === undefined) {
    await t.step({ name: "skipped: needs python3 and Linux 5.6 for openat2", ignore: true, fn: () => {} });
    return;
  }
  const seen = new Map<string, number>();
  try {
    await fc.assert(
      fc.asyncProperty(
        fc.array(entry, { minLength: 4, maxLength: 14 }),
        fc.array(fc.tuple(fc.nat(5), path, fc.boolean()), { minLength: 60, maxLength: 60 }),
        async (entries, asked) => {
          using box = sandbox();
          const directories = grow(box.root, entries);
          const mount = { guest: "/", host: box.root, readOnly: false };
          const opened = new Opened();
          const questions = asked.map(([base, path, follow]) =>
            [directories[base % directories.length]!, path, follow] as const
          );
          const answers = await oracle.ask(questions);
          questions.forEach(([directory, path, follow], i) => {
            const base = new OpenDirectory(directory, new MountPoint(mount, [mount]), opened);
            let found: [number, number | null] | undefined;
            const code = outcome(() => {
              const { info } = locate(base, path, follow);
              found = [info!.dev, info!.ino];
            });
            base.release();
            const answer = answers[i]!;
            const expected = typeof answer === "number" ? CODES[answer] ?? `errno ${answer}` : answer;
            const where = `${path} (${follow ? "followed" : "not followed"}) from ${
              directory.slice(box.root.length)
            }/`;
            assert.deepEqual(found ?? code, expected, where);
            seen.set(code, (seen.get(code) ?? 0) + 1);
          });
        },
      ),
      { numRuns: RUNS },
    );
  } finally {
    await oracle.close();
  }
  // The property would hold for no questions, too.
  for (const code of ["ok", "no-entry", "not-permitted", "not-directory", "loop"]) {
    assert.ok((seen.get(code) ?? 0) > RUNS / 10, `${code} came up ${seen.get(code) ?? 0} times`);
  }
});

/** Mostly plain names, so that programs get somewhere. */
const near = fc.oneof({ weight: 7, arbitrary: name }, { weight: 3, arbitrary: path });

const operation = fc.oneof(
  fc.record({
    verb: fc.constantFrom("mkdir", "rmdir", "unlink", "create", "truncate", "times", "descend"),
    path: near,
  }),
  fc.record({ verb: fc.constantFrom("rename", "link", "linkFollow", "symlink"), path: near, to: near }),
);

function run(
  dir: Descriptor,
  other: Descriptor,
  { verb, path, ...rest }: typeof operation extends fc.Arbitrary<infer T> ? T : never,
) {
  const to = "to" in rest ? rest.to : "";
  const follow = { symlinkFollow: true };
  switch (verb) {
    case "mkdir":
      return dir.createDirectoryAt(path);
    case "rmdir":
      return dir.removeDirectoryAt(path);
    case "unlink":
      return dir.unlinkFileAt(path);
    case "create": {
      using file = dir.openAt(follow, path, { create: true }, { write: true });
      return file.write(new TextEncoder().encode("overwritten"), 0n);
    }
    case "truncate":
      return dir.openAt(follow, path, { truncate: true }, READ)[Symbol.dispose]();
    case "times":
      return dir.setTimesAt(follow, path, { tag: "now" }, {
        tag: "timestamp",
        val: { seconds: 1n, nanoseconds: 0 },
      });
    case "rename":
      return dir.renameAt(path, other, to);
    case "link":
      return dir.linkAt({}, path, other, to);
    case "linkFollow":
      return dir.linkAt(follow, path, other, to);
    case "symlink":
      return dir.symlinkAt(path, to);
  }
}

Deno.test("random programs in random trees change nothing outside", () => {
  let done = 0;
  fc.assert(
    fc.property(
      fc.array(entry, { minLength: 4, maxLength: 14 }),
      fc.array(fc.tuple(fc.nat(3), fc.nat(3), operation), { minLength: 40, maxLength: 40 }),
      (entries, program) => {
        using box = sandbox();
        Deno.mkdirSync(`${box.outside}/canary/a`, { recursive: true });
        Deno.writeTextFileSync(`${box.outside}/canary/secret`, "canary");
        Deno.writeTextFileSync(`${box.outside}/a`, "canary");
        Deno.mkdirSync(`${box.outside}/b`);
        grow(box.root, entries);
        const around = () => picture(box.outside).filter((line) => !/^(\/root| )/.test(line));
        const before = around();
        const open = [box.dir];
        for (const [one, other, operation] of program) {
          const [dir, target] = [open[one % open.length]!, open[other % open.length]!];
          const code = outcome(() => {
            if (operation.verb !== "descend") return run(dir, target, operation);
            open.push(dir.openAt({ symlinkFollow: true }, operation.path, { directory: true }, READ));
          });
          if (code === "ok") done++;
        }
        for (const descriptor of open.slice(1)) descriptor[Symbol.dispose]();
        assert.deepEqual(around(), before);
      },
    ),
    { numRuns: RUNS },
  );
  assert.ok(done > RUNS * 4, `only ${done} operations did anything`);
});
