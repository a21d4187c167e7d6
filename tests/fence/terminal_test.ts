/** At a terminal, with too few flags and without `--no-prompt`: nothing asks, and the command ends. */
import assert from "node:assert/strict";
import { commandLine, environment, has, inRepository, repository } from "../support/airlock.ts";
import { component, entry, hashOf, HEAD, type Project, project } from "../support/project.ts";

/** Flags and words; `@` is the directory of the project. */
interface Row {
  readonly flags: string;
  readonly words: string;
  /** What it says instead. */
  readonly says?: RegExp;
}

const NO_CONFIG = /read access to ".*\/app\.yaml", run again with --allow-read=\/.*\/app\.yaml/;
const NO_RUN = /NotCapable: Requires run access to "(\/.*)", run again with --allow-run=\1/;
const NO_PROCESS = /may not start any: add --allow-run=/;

const ROWS: readonly Row[] = [
  { flags: "", words: "run @/app.yaml it told", says: NO_CONFIG },
  { flags: "", words: "run @ it told", says: /read access/ },
  { flags: "", words: "check @/app.yaml", says: NO_CONFIG },
  { flags: "", words: "list @/app.yaml", says: NO_CONFIG },
  { flags: "", words: "permissions @/app.yaml", says: NO_CONFIG },
  { flags: "", words: "inspect @/race.wasm", says: /read access to ".*\/race\.wasm"/ },
  { flags: "", words: "types @/race.wasm", says: /read access to ".*\/race\.wasm"/ },
  { flags: "", words: "audit @/data/file", says: /read access to ".*\/data\/file"/ },
  { flags: "", words: "serve @/app.yaml", says: NO_CONFIG },
  { flags: "", words: "serve @/race.wasm", says: /read access to ".*\/race\.wasm"/ },
  { flags: "", words: "exec @/race.wasm -- told", says: /read access to ".*\/race\.wasm"/ },
  { flags: "--allow-read=@/app.yaml", words: "list @/app.yaml" },
  { flags: "--allow-read=@/app.yaml", words: "permissions @/app.yaml" },
  { flags: "--allow-read=@/app.yaml", words: "run @/app.yaml it told" },
  { flags: "--allow-read=@/app.yaml,@/race.wasm", words: "run @/app.yaml it told" },
  { flags: "--allow-read=@", words: "run @/app.yaml it told" },
  { flags: "--allow-read=@ --allow-env=TOKEN", words: "run @/app.yaml it told" },
  {
    flags: "--allow-read=@ --allow-env=TOKEN --allow-write=@/data",
    words: "run @/app.yaml it told",
  },
  {
    flags: "--allow-read=@/app.yaml",
    words: "check @/app.yaml",
    says: /may not read/,
  },
  { flags: "--allow-read=@", words: "check @/app.yaml" },
  { flags: "--allow-read=@/race.wasm", words: "exec @/race.wasm -- told" },
  { flags: "--allow-read=@", words: "exec @/race.wasm --isolation inline -- told" },
  {
    flags: "--allow-read=@/race.wasm",
    words: "exec @/race.wasm --dir @/data::/box -- told",
    says: /--dir .*: Requires read access to ".*\/data"/,
  },
  {
    flags: "--allow-read",
    words: "exec @/race.wasm --isolation inline --audit @/log -- told",
    says: /--audit .*: Requires write access to ".*\/log"/,
  },
  {
    flags: "--allow-read=@",
    words: "exec @/race.wasm --isolation inline --dir @/data::/box -- told",
  },
  {
    flags: "--allow-read",
    words: "exec @/race.wasm --isolation inline --dir @/data::/box -- create=/box/x",
    says: /create=\/box\/x: EPERM/,
  },
  { flags: "--allow-read", words: "exec @/race.wasm --dir @/data::/box -- told" },
  { flags: "--allow-read=@ --allow-ffi", words: "exec @/race.wasm -- told", says: /^1: told$/m },
  { flags: "--allow-read --allow-ffi", words: "exec @/race.wasm -- told", says: /^1: told$/m },
  { flags: "--allow-read", words: "exec @/race.wasm --isolation process -- told", says: NO_PROCESS },
  { flags: "--allow-read --allow-run", words: "exec @/race.wasm --dir @/data::/box -- told" },
  { flags: "--allow-read", words: "exec @/race.wasm --max-execution-ms 5000 -- told", says: NO_RUN },
  { flags: "--allow-read", words: "exec TCP --isolation inline --net 127.0.0.1:9 -- a" },
  {
    flags: "--allow-read",
    words: "exec LOOKUP --isolation inline --net localhost --net-private -- localhost",
  },
  {
    flags: "--allow-read",
    words: "exec HTTP --isolation inline --net 127.0.0.1:9 -- GET http://127.0.0.1:9/",
  },
  { flags: "--allow-read", words: "serve PROXY", says: NO_RUN },
  { flags: "--allow-read --allow-net", words: "serve PROXY", says: NO_RUN },
  {
    flags: "--allow-read --allow-run",
    words: "serve PROXY",
    says: /net access to "127\.0\.0\.1:8080", run again with --allow-net=127\.0\.0\.1:8080/,
  },
  {
    flags: "--allow-read",
    words: "serve PROXY --isolation inline --host ::1 --port 0",
    says: /net access to "\[::1\]:0", run again with --allow-net=\[::1\]:0/,
  },
];

const GUESTS = { TCP: "tcp", LOOKUP: "lookup", HTTP: "http_client", PROXY: "proxy" };

async function place(): Promise<Project> {
  const bytes = component("tests/guests/race/race.wasm");
  return await project({
    "race.wasm": bytes,
    "data/file": "",
    "app.yaml": `${HEAD}  - {name: data, kind: fs.directory, directory: data}
  - {name: store, kind: env.storage.os}
  - {name: token, kind: env.variable, variable: TOKEN, storage: store}
${
      entry({
        kind: "process.wasm",
        path: "race.wasm",
        hash: await hashOf(bytes),
        method: "wasi:cli/run@0.2.3#run",
        imports: "[wasi:cli, wasi:io, wasi:clocks, wasi:random, wasi:filesystem]",
        wasi: "{mounts: [{fs: data, guest: /box}], env: [{id: token, name: TOKEN}]}",
      })
    }`,
  });
}

const ready = Deno.build.os === "linux" && await has("python3");

/** What a program prints on a terminal, to its end. */
async function atTerminal(command: readonly string[]): Promise<string> {
  const { stdout } = await new Deno.Command("python3", {
    args: [
      inRepository("tests/fence/terminal.py"),
      "30",
      ...command.filter((word) => word !== "--no-prompt"),
    ],
    cwd: repository,
    clearEnv: true,
    env: environment(),
    stdin: "null",
  }).output();
  const { output, ended } = JSON.parse(new TextDecoder().decode(stdout));
  assert.doesNotMatch(output, /Allow\?/);
  assert.ok(ended, `it does not end: ${output}`);
  return output.replaceAll("\r\n", "\n");
}

for (const { flags, words, says } of ROWS) {
  Deno.test({
    name: `at a terminal, ${flags || "no flags"}: ${words}: nothing asks`,
    ignore: !ready,
    async fn() {
      await using folder = await place();
      const fill = (text: string) =>
        text.split(" ").filter((word) => word !== "").map((word) =>
          Object.hasOwn(GUESTS, word)
            ? inRepository(
              `tests/guests/${GUESTS[word as keyof typeof GUESTS]}/${
                GUESTS[word as keyof typeof GUESTS]
              }.wasm`,
            )
            : word.replaceAll("@", folder.directory)
        );
      const output = await atTerminal(commandLine(fill(words), fill(flags)));
      if (says !== undefined) assert.match(output, says);
    },
  });
}

/** What a guest may try in a mount that is declared writable, by the flags of a process that may not write all of it. */
const CHANGES: readonly { readonly flags: string; readonly below: string; readonly other: string }[] = [
  { flags: "--allow-read", below: "not-permitted", other: "not-permitted" },
  { flags: "--allow-read --allow-write=@/data/part", below: "ok", other: "not-permitted" },
  { flags: "--allow-read --allow-write=@/data", below: "ok", other: "ok" },
  { flags: "--allow-read --allow-write --deny-write=@/data/part", below: "not-permitted", other: "ok" },
];

for (const { flags, below, other } of CHANGES) {
  Deno.test({
    name:
      `at a terminal, ${flags}: no call that changes a mount asks; what may not be written is not-permitted`,
    ignore: !ready,
    async fn() {
      await using folder = await place();
      const { directory } = folder;
      await Deno.mkdir(`${directory}/data/inner`);
      for (const name of ["part", "rest"]) {
        const here = `${directory}/data/${name}`;
        await Deno.mkdir(`${here}/empty`, { recursive: true });
        for (const file of ["file", "old", "gone"]) await Deno.writeTextFile(`${here}/${file}`, "");
        for (const link of ["link", "old-link"]) await Deno.symlink("file", `${here}/${link}`);
      }
      const script = inRepository("tests/fence/terminal_child.ts");
      const output = await atTerminal([
        ...[Deno.execPath(), "run", "--quiet", "--no-check"],
        ...flags.replaceAll("@", directory).split(" "),
        ...[script, directory],
      ]);
      const found = Object.entries<string>(JSON.parse(output));
      assert.equal(found.length, 28);
      for (const [act, code] of found) {
        const symlinks = act.startsWith("symlink-at") && !/--allow-write( |$)/.test(flags);
        assert.equal(code, symlinks ? "not-permitted" : act.endsWith("part") ? below : other, act);
      }
    },
  });
}

Deno.test({
  name: "at a terminal, a process that may not read a mount is refused it, and not asked",
  ignore: !ready,
  async fn() {
    await using folder = await place();
    const script = inRepository("tests/fence/terminal_child.ts");
    const output = await atTerminal([
      Deno.execPath(),
      "run",
      "--quiet",
      "--no-check",
      script,
      folder.directory,
    ]);
    assert.match(output, /Trap: .*get-directories: the mount \/ cannot be opened: not-permitted/);
  },
});

Deno.test({
  name: "at a terminal, run prints the result and nothing else",
  ignore: !ready,
  async fn() {
    const words = ["run", inRepository("examples/calculator/app.yaml"), "add", "40", "2"];
    assert.equal(await atTerminal(commandLine(words)), "42\n");
  },
});
