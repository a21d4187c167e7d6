/** `--audit` and `audit`: what was used and refused, in every compartment, and the smallest grant that comes of it. */
import assert from "node:assert/strict";
import { webPeer } from "../guests/peers.ts";
import { airlock, assertOutcome, type Outcome } from "../support/airlock.ts";
import { component, entry, hashOf, HEAD, type Project, project } from "../support/project.ts";

const unix = Deno.build.os !== "windows";
const ISOLATIONS = ["inline", "process"] as const;

/** What each entry declares here: far more than any program needs. */
const WIDE = {
  imports: "[wasi:cli, wasi:io, wasi:clocks, wasi:random, wasi:filesystem, wasi:sockets, wasi:http]",
  wasi: "{env: [{id: one, name: ONE}, {id: two, name: TWO}], " +
    "mounts: [{fs: data, guest: /data}, {fs: out, guest: /out}, {fs: spare, guest: /spare}], " +
    'network: {allow: ["http://*:1-65535", "tcp://10.0.0.0/8"], private: true}}',
};

const DECLARED = `${HEAD}  - {name: data, kind: fs.directory, directory: data}
  - {name: out, kind: fs.directory, directory: out}
  - {name: spare, kind: fs.directory, directory: spare}
  - {name: values, kind: env.storage.static, values: {ONE: "1", TWO: "2"}}
  - {name: one, kind: env.variable, variable: ONE, storage: values}
  - {name: two, kind: env.variable, variable: TWO, storage: values}
`;

/** A project with one entry, `it`: a program of `tests/guests`. */
async function programs(name: string, fields: Readonly<Record<string, string>>): Promise<Project> {
  const bytes = component(`tests/guests/${name}/${name}.wasm`);
  const fixed = {
    kind: "process.wasm",
    path: "it.wasm",
    hash: await hashOf(bytes),
    method: "wasi:cli/run@0.2.3#run",
  };
  return await project({
    "it.wasm": bytes,
    "app.yaml": DECLARED + entry({ ...fixed, ...fields }),
    "data/sub/a": "text",
    "out/b": "",
    "spare/c": "",
  });
}

const run = (
  { directory }: Project,
  words: readonly string[],
  options: readonly string[] = [],
): Promise<Outcome> => airlock(["run", ...options, "app.yaml", "it", ...words], { cwd: directory });

/** The lines of an audit file. */
function linesOf({ directory }: Project, file = "audit.jsonl"): Record<string, unknown>[] {
  return Deno.readTextFileSync(`${directory}/${file}`).trimEnd().split("\n").map((line) => JSON.parse(line));
}

/** The configuration with other imports and another wasi for `it`. */
function pasted(config: string, yaml: string): string {
  const rest = config.split("\n").filter((line) => !/^ {4}(imports|wasi):/.test(line)).join("\n").trimEnd();
  return `${rest}\n${yaml.split("\n").map((line) => `    ${line}`).join("\n")}\n`;
}

/** What a text declares, without comments. */
function bare(yaml: string): string {
  return yaml.split("\n").filter((line) => !/^ *#/.test(line)).map((line) => line.replace(/ # .*$/, "")).join(
    "\n",
  );
}

/** Everything that a text allows, each thing taken away by itself. */
function* without(yaml: string): Generator<[what: string, yaml: string]> {
  const lines = yaml.split("\n");
  for (const [i, line] of lines.entries()) {
    if (/^ *#/.test(line)) continue;
    const put = (text: string) => lines.with(i, text).join("\n");
    if (line.includes("read_only: false")) yield [`writing: ${line}`, put(line.replace("false", "true"))];
    if (/^\s*private: true/.test(line)) yield [line, put("")];
    if (!/^\s*- /.test(line)) continue;
    const indent = line.indexOf("-");
    const isItem = (text: string | undefined) => text?.indexOf("- ") === indent;
    const alone = !isItem(lines[i - 1]) && !isItem(lines[i + 1]);
    // A list without items is an empty one: nothing at all would mean something else.
    const shorter = alone ? lines.with(i, "").with(i - 1, `${lines[i - 1]} []`) : lines.with(i, "");
    yield [line, shorter.join("\n")];
  }
}

interface Case {
  readonly title: string;
  readonly program: string;
  readonly words: (peer: string) => readonly string[];
  /** What is left, without comments. */
  readonly smallest: RegExp;
}

const CASES: readonly Case[] = [
  {
    title: "a program that reads a file and writes another",
    program: "paths",
    words: () => ["cat=/data/sub/a", "put=/out/b"],
    smallest:
      /^imports:\n {2}- wasi:cli\n {2}- wasi:filesystem\n {2}- wasi:io\nwasi:\n {2}mounts:\n {4}- \{fs: app:data, guest: \/data, read_only: true\}\n {4}- \{fs: app:out, guest: \/out, read_only: false\}\n {2}env: \[\]\n$/,
  },
  {
    title: "a program that asks for its variables",
    program: "process",
    words: () => ["env"],
    smallest:
      /^imports:\n( {2}- wasi:\w+\n)+wasi:\n {2}mounts: \[\]\n {2}env:\n {4}- \{id: app:one, name: ONE, required: false\}\n {4}- \{id: app:two, name: TWO, required: false\}\n$/,
  },
  {
    title: "a program that makes a request by name",
    program: "http_client",
    words: (peer) => ["GET", `http://localhost:${peer.split(":").at(-1)}/`],
    smallest:
      /^imports:\n( {2}- wasi:\w+\n)+wasi:\n {2}mounts: \[\]\n {2}env: \[\]\n {2}network:\n {4}allow:\n {6}- http:\/\/localhost:\d+\n {4}private: true\n$/,
  },
];

for (const isolation of ISOLATIONS) {
  for (const { title, program, words, smallest } of CASES) {
    Deno.test({
      name: `${title}, ${isolation}: what audit prints suffices, and nothing of it can go`,
      ignore: !unix,
    }, async () => {
      await using peer = webPeer(() =>
        "HTTP/1.1 200 Fine\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok"
      );
      await using folder = await programs(program, { ...WIDE, isolation });
      const { directory } = folder;
      const said = words(peer.address);
      const first = await run(folder, said, ["--audit", "audit.jsonl"]);
      assert.deepEqual([first.code, first.stderr], [0, ""], first.stderr);
      const { code, stdout: yaml, stderr } = await airlock(["audit", "audit.jsonl"], { cwd: directory });
      assert.deepEqual([code, stderr], [0, ""]);
      assert.match(bare(yaml), smallest);

      const config = Deno.readTextFileSync(`${directory}/app.yaml`);
      const again = async (yaml: string) => {
        Deno.writeTextFileSync(`${directory}/app.yaml`, pasted(config, yaml));
        return await run(folder, said);
      };
      assertOutcome(await again(yaml), { stdout: first.stdout });
      assertOutcome(await airlock(["check", "app.yaml"], { cwd: directory }), {
        stderr: /entries checked: ok\n$/,
      });
      let tried = 0;
      for (const [what, less] of without(yaml)) {
        tried++;
        const { code, stdout } = await again(less);
        assert.ok(code !== 0 || stdout !== first.stdout, `it works as well without: ${what}`);
      }
      assert.ok(tried >= 3);
    });
  }
}

Deno.test(
  { name: "both compartments tell the same, and a second run adds to the file", ignore: !unix },
  async () => {
    const told = await Promise.all(ISOLATIONS.map(async (isolation) => {
      await using folder = await programs("paths", { ...WIDE, isolation });
      const words = ["cat=/data/sub/a", "put=/out/b", "cat=/data/none"];
      const first = await run(folder, words, ["--audit=audit.jsonl"]);
      const lines = linesOf(folder);
      await run(folder, words, ["--audit=audit.jsonl"]);
      assert.deepEqual(linesOf(folder), [...lines, ...lines]);
      const texts = lines.slice(1).map((line) => JSON.stringify(line));
      assert.equal(new Set(texts).size, texts.length, "each event once");
      assert.deepEqual(Object.keys(lines[0]!), ["entry", "declared"]);
      const { stdout: both } = await airlock(["audit", "audit.jsonl"], { cwd: folder.directory });
      assert.match(both, /^# app:it: [^\n]*\nimports:/);
      return [first.stdout, texts];
    }));
    assert.deepEqual(told[0], told[1]);
  },
);

Deno.test(
  { name: "what is refused is in the file, and in audit's comments, with the line", ignore: !unix },
  async () => {
    for (const isolation of ISOLATIONS) {
      await using folder = await programs("paths", {
        imports: "[wasi:cli, wasi:io, wasi:filesystem]",
        wasi: "{mounts: [{fs: data, guest: /data, read_only: true}]}",
        isolation,
      });
      assertOutcome(await run(folder, ["put=/data/sub/a"], ["--audit", "audit.jsonl"]), {
        stdout: "/data/sub/a: EROFS\n",
      });
      const [refused] = linesOf(folder).filter(({ outcome }) => outcome === "refused");
      assert.deepEqual(refused, {
        entry: "app:it",
        interface: "wasi:filesystem/types@0.2.3",
        function: "[method]descriptor.open-at",
        target: "/data/sub/a",
        mount: "/data",
        access: "write",
        outcome: "refused",
        wall: "link",
        code: "read-only",
        allow: 'wasi.mounts: [{guest: "/data", read_only: false}]',
      });
      const { stdout } = await airlock(["audit", "audit.jsonl"], { cwd: folder.directory });
      assert.match(
        stdout,
        /\n# refused: "wasi:filesystem[^ ]*open-at" on \/data\/sub\/a by the link \(read-only\); to allow it: wasi\.mounts: \[\{guest: "\/data", read_only: false\}\]\n/,
      );
    }
  },
);

Deno.test(
  { name: "an undeclared interface is in the file before the call fails", ignore: !unix },
  async () => {
    for (const isolation of ISOLATIONS) {
      await using folder = await programs("process", { imports: "[wasi:filesystem]", isolation });
      const { code, stderr } = await run(folder, ["env"], ["--audit", "audit.jsonl"]);
      assert.equal(code, 1);
      const asked = /CapabilityError: (\S+)#(\S+) is not granted: the link refuses it; to allow it, /.exec(
        stderr,
      );
      assert.ok(asked, stderr);
      const { interface: name, function: func, outcome, wall } = linesOf(folder).at(-1)!;
      assert.deepEqual([name, func, outcome, wall], [asked[1], asked[2], "refused", "link"]);
      const { stdout } = await airlock(["audit", "audit.jsonl"], { cwd: folder.directory });
      assert.match(stdout, /\n# refused: "wasi:cli[^\n]*; to allow it: imports: \[wasi:cli\]\n/);
    }
  },
);

Deno.test(
  { name: "without --audit nothing is written, and nothing more is printed", ignore: !unix },
  async () => {
    await using folder = await programs("paths", { ...WIDE, isolation: "process" });
    assertOutcome(await run(folder, ["cat=/data/../../x"]), { stdout: /ENOENT|EPERM|ENOTCAPABLE|EACCES/ });
    assert.deepEqual(
      [...Deno.readDirSync(folder.directory)].filter(({ name }) => name.endsWith(".jsonl")),
      [],
    );
  },
);

Deno.test({ name: "the guest cannot be given the file that tells of it", ignore: !unix }, async () => {
  await using folder = await programs("paths", { ...WIDE, isolation: "inline" });
  assertOutcome(await run(folder, [], ["--audit", "out/audit.jsonl"]), {
    stderr: /^airlock: --audit out\/audit\.jsonl: the guest could write it, in its mount \/out\n/,
    code: 2,
  });
  Deno.symlinkSync("out/b", `${folder.directory}/link.jsonl`);
  assertOutcome(await run(folder, [], ["--audit", "link.jsonl"]), {
    stderr: /the guest could write it/,
    code: 2,
  });
  assertOutcome(await run(folder, [], ["--audit", "none/audit.jsonl"]), {
    stderr: /^airlock: --audit none\/audit\.jsonl: No such file/,
    code: 2,
  });
  assert.equal(Deno.readTextFileSync(`${folder.directory}/out/b`), "");
});

for (const isolation of ISOLATIONS) {
  Deno.test({
    name: `a guest that is refused a million files fills no disk, ${isolation}`,
    ignore: !unix,
  }, async () => {
    await using folder = await project({ "box/a": "" });
    const file = `${folder.directory}/audit.jsonl`;
    const options = ["--audit", file, "--dir", `${folder.directory}/box::/box`, "--isolation", isolation];
    assertOutcome(
      await airlock([
        "exec",
        "tests/guests/opens/opens.wasm",
        ...options,
        "--invoke",
        "opens",
        "--",
        isolation === "inline" ? "1000000" : "150000",
      ]),
      {},
    );
    const text = Deno.readTextFileSync(file);
    assert.ok(text.length < 30_000_000, `${text.length} bytes`);
    const lines = text.trimEnd().split("\n");
    assert.equal(lines.length, 100_002, "what is declared, the events, and that there were more");
    assert.deepEqual(JSON.parse(lines.at(-1)!), {
      entry: "tests/guests/opens/opens.wasm",
      truncated: 100_000,
    });
    const { stdout } = await airlock(["audit", file]);
    assert.match(stdout, /^# [^\n]*\n# not all: a run did more than an audit file keeps\nimports:/);
    assert.ok(stdout.split("\n").length < 100);
  });
}

Deno.test("lines that are none are named by file and line, and the others still count", async () => {
  await using folder = await project({
    "bad.jsonl": [
      "no json",
      "[]",
      '{"entry":"a:b","interface":"wasi:cli/run","function":"run","outcome":"used"}',
      '{"entry":"a:b","declared":{"packages":"all"}}',
      '{"entry":"a:b","declared":{"packages":["wasi:cli"],"strict":false,"args":[],"cwd":"/","mounts":[],"env":[],"network":null}}',
      '{"entry":"a:b","interface":"wasi:cli/environment@0.2.3","function":"x","outcome":"perhaps"}',
      '{"entry":"a:b","interface":"wasi:cli/environment@0.2.3","function":"get-arguments","outcome":"used"}',
      "",
    ].join("\n"),
  });
  const { code, stdout, stderr } = await airlock(["audit", "bad.jsonl"], { cwd: folder.directory });
  assert.equal(code, 2);
  assert.deepEqual(
    stderr.trimEnd().split("\n").map((line) => /^bad\.jsonl:(\d+): expected /.exec(line)?.[1]),
    [
      "1",
      "2",
      "3",
      "4",
      "6",
    ],
  );
  assert.match(stdout, /^# a:b: [^\n]*\nimports:\n {2}- wasi:cli\n$/);
});

Deno.test("what a guest calls its files cannot leave the comments", async () => {
  const event = {
    entry: "a:b",
    interface: "wasi:filesystem/types@0.2.3",
    function: "[method]descriptor.open-at",
    outcome: "refused",
    wall: "link",
    code: "not-permitted",
  };
  const targets = ["/x\nimports: [wasi:http]", "/x\u2028a: b", "/x\u0085a: b", "/x # y", "\u001b[31m"];
  const declared = { packages: [], strict: false, args: [], cwd: "/", mounts: [], env: [], network: null };
  await using folder = await project({
    "a.jsonl": [{ entry: "a:b", declared }, ...targets.map((target) => ({ ...event, target }))]
      .map((line) => JSON.stringify(line)).join("\n"),
  });
  const { stdout } = await airlock(["audit", "a.jsonl"], { cwd: folder.directory });
  // deno-lint-ignore no-control-regex -- that none is there is the point
  const lines = stdout.trimEnd().split(/[\n\u0085\u2028\x1b]/);
  assert.equal(lines.filter((line) => line.startsWith("# refused: ")).length, targets.length);
  assert.deepEqual(lines.filter((line) => !line.startsWith("#")), ["imports:", "  - wasi:filesystem"]);
});
