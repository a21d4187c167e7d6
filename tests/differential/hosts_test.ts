/** The same programs on the hosts of Airlock and on those of preview2-shim, its build for Node: one engine, two hosts. */
import assert from "node:assert/strict";
import type { Program } from "./hosts_child.ts";

/** A program, what it is given, and where its output differs on purpose: the words on ours, those on the shim's. */
interface Case {
  readonly wasm: string;
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly call?: readonly [string, ...unknown[]];
  readonly code?: number;
  readonly differ?: readonly (readonly [ours: string, shim: string, why: string])[];
}

const UTF8 = "\u00fcn\u00efcode";

const cases: readonly Case[] = [
  { wasm: "examples/hello/hello", args: ["hello", "Ada", UTF8] },
  { wasm: "tests/guests/shell/shell", args: ["shell", "a", "", "b c", UTF8] },
  { wasm: "tests/guests/shell/shell", args: ["shell"], env: { CODE: "42" }, code: 42 },
  { wasm: "tests/guests/zig/lines", args: ["lines", UTF8] },
  { wasm: "tests/guests/streams/streams", args: ["streams", "echo"] },
  { wasm: "tests/guests/streams/streams", args: ["streams", "both"] },
  { wasm: "tests/guests/sleeper/sleeper", call: ["greetAfter", "Ada", 20] },
  { wasm: "tests/guests/sleeper/sleeper", call: ["race", [500, 5]] },
  { wasm: "tests/guests/js/calculator", call: ["greet", UTF8] },
  { wasm: "tests/guests/file/file", args: ["file", "all", "/box"] },
  {
    wasm: "tests/guests/links/links",
    args: ["links", "/box"],
    differ: [
      [
        "follows: ok\nlinks of hard: 2",
        "follows: ok\nlinks of hard: 1",
        "the shim's link-at makes a link where it should follow one",
      ],
      [
        "unlink that link with a slash: ENOTDIR",
        "unlink that link with a slash: EISDIR",
        "Linux says ENOTDIR",
      ],
    ],
  },
  { wasm: "tests/guests/directory/directory", args: ["directory", "list", "/box"] },
  {
    wasm: "tests/guests/directory/directory",
    args: ["directory", "change", "/box"],
    differ: [
      ["rmdir of here: EINVAL", "rmdir of here: ENOTEMPTY", "Linux says EINVAL"],
      ["unlink of a directory: EISDIR", "unlink of a directory: ok", "the shim removes it"],
      ["rmdir with a slash: ok", "rmdir with a slash: ENOENT", "it was removed before"],
    ],
  },
  {
    wasm: "tests/guests/open/open",
    args: ["open", "/box"],
    differ: [
      ["empty path: ENOENT", "empty path: ok", "the shim opens the directory itself"],
      ["create with a slash: EISDIR", "create with a slash: ENOTDIR", "Linux says EISDIR"],
      ["file with two dots: ENOTDIR", "file with two dots: ok", "the shim resolves `..` as text"],
    ],
  },
  {
    wasm: "tests/guests/paths/paths",
    args: ["paths", "cwd", "cd=/box", "cat=file", "put=new", "ls=.", "cat=../etc/passwd", "cat=/etc/passwd"],
  },
];

async function run(program: Program): Promise<{ stdout: string; code: number; stderr: string }> {
  const child = new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "-A",
      "--no-check",
      "--quiet", // the first run downloads the shim, and says so
      new URL("hosts_child.ts", import.meta.url).pathname,
      JSON.stringify(program),
    ],
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const writer = child.stdin.getWriter();
  await writer.write(new TextEncoder().encode(`one\ntwo ${UTF8}\nlast`)).then(() => writer.close()).catch(
    () => {},
  );
  const { stdout, stderr, code } = await child.output();
  return { stdout: new TextDecoder().decode(stdout), stderr: new TextDecoder().decode(stderr), code };
}

/** A directory with something in it, new for each run. */
async function directory(): Promise<string> {
  const dir = await Deno.makeTempDir({ prefix: "airlock-hosts-" });
  await Deno.writeTextFile(`${dir}/file`, "hello\nfile\n");
  await Deno.mkdir(`${dir}/below`);
  await Deno.writeTextFile(`${dir}/below/other`, "x\n");
  return dir;
}

/** What no two runs have in common. */
const TIME = /\d{4}-\d\d-\d\dT[\d:.]+Z/g;

for (const { wasm, args = [], env = { A: "1", LANG: UTF8 }, call, code = 0, differ = [] } of cases) {
  const what = [wasm.split("/").at(-1), ...args.slice(1), ...call ?? [], ...Object.entries(env).flat()].join(
    " ",
  );
  Deno.test({
    name: `a program does on our hosts what it does on those of preview2-shim: ${what}`,
    ignore: Deno.build.os === "windows",
    async fn() {
      const outcomes = await Promise.all((["ours", "shim"] as const).map(async (hosts) => {
        const dir = await directory();
        const path = new URL(`../../${wasm}.wasm`, import.meta.url).pathname;
        try {
          return await run({ hosts, wasm: path, args, env, directory: dir, ...call ? { call } : {} });
        } finally {
          await Deno.remove(dir, { recursive: true });
        }
      }));
      const [ours, shim] = outcomes.map((o) => ({ ...o, stdout: o.stdout.replace(TIME, "TIME") }));
      assert.ok(ours!.stdout.length > 0);
      assert.equal(ours!.code, code, ours!.stderr);
      let expected = shim!.stdout;
      for (const [our, their, why] of differ) {
        assert.ok(expected.includes(their), `the shim no longer says "${their}" (${why})`);
        expected = expected.replace(their, our);
      }
      assert.equal(ours!.stdout, expected, shim!.stderr);
      assert.equal(ours!.code, shim!.code, shim!.stderr);
      assert.equal(ours!.stderr, shim!.stderr);
    },
  });
}
