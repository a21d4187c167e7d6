/** A program in Go that nobody here wrote, built from the module proxy and run as it comes out of the compiler. */
import assert from "node:assert/strict";
import { airlock, assertOutcome } from "../support/airlock.ts";
import { project } from "../support/project.ts";
import { CACHE, client, exists, tool, Unreachable, writeWhole } from "./fetch.ts";

/** jq, in Go. */
const PACKAGE = "github.com/itchyny/gojq/cmd/gojq", VERSION = "v0.12.17";

const gojq = await build().catch((error) => {
  if (!(error instanceof Unreachable)) throw error;
  console.log(`skipped: gojq: ${error.message}`);
});

async function build(): Promise<string> {
  const path = `${CACHE}/gojq-${VERSION}.module.wasm`;
  if (await exists(path)) return path;
  const folder = await Deno.makeTempDir({ prefix: "airlock-go-" });
  try {
    await client("go", ["version"], folder);
    await tool("go", ["mod", "init", "fetch"], folder);
    await client("go", ["get", `${PACKAGE}@${VERSION}`], folder);
    await tool("go", ["build", "-o", "gojq.wasm", PACKAGE], folder, { GOOS: "wasip1", GOARCH: "wasm" });
    await writeWhole(path, await Deno.readFile(`${folder}/gojq.wasm`));
    return path;
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

const PEOPLE = `{"people": [{"name": "Ada", "born": 1815}, {"name": "Zoë", "born": 1990}]}\n`;
const YAML = "mounts:\n  - {guest: /in, read_only: true}\n  - {guest: /out}\n";

interface Work {
  readonly title: string;
  readonly words: readonly string[];
  readonly stdin?: string;
  readonly stdout?: string;
  readonly stderr?: RegExp;
  readonly code?: number;
}

const WORKS: readonly Work[] = [
  {
    title: "selects from a file",
    words: ["-c", ".people | map(select(.born > 1900).name)", "/in/people.json"],
    stdout: '["Zoë"]\n',
  },
  {
    title: "reads YAML from its input",
    words: ["--yaml-input", "-r", '.mounts[] | "\\(.guest) \\(.read_only // false)"'],
    stdin: YAML,
    stdout: "/in true\n/out false\n",
  },
  {
    title: "sees the variables that it is given, and no other",
    words: ["-n", "-c", "$ENV"],
    stdout: '{"WORD":"ünï"}\n',
  },
  {
    title: "computes",
    words: ["-n", "[range(1; 20001)] | add"],
    stdout: "200010000\n",
  },
  {
    title: "says what is wrong with its input, and ends with its own code",
    words: ["."],
    stdin: '{"a": }\n',
    stderr: /invalid json/,
    code: 5,
  },
  {
    title: "does not find what is in no mount",
    words: [".", "/etc/hostname"],
    stderr: /\/etc\/hostname/,
    code: 5,
  },
];

for (const { title, words, stdin = "", stdout = "", stderr, code = 0 } of WORKS) {
  Deno.test({ name: `gojq, as built, ${title}`, ignore: gojq === undefined }, async () => {
    await using folder = await project({ "in/people.json": PEOPLE });
    const options = ["--dir", `${folder.directory}/in::/in:ro`, "--env", "WORD=ünï"];
    const outcome = await airlock(["exec", gojq!, ...options, "--", ...words], { stdin });
    assertOutcome(outcome, { stdout, code, ...stderr === undefined ? {} : { stderr } });
    assert.deepEqual([...Deno.readDirSync(`${folder.directory}/in`)].map(({ name }) => name), [
      "people.json",
    ]);
  });
}
