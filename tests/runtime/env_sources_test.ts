import assert from "node:assert/strict";
import { processSources } from "../../src/runtime/env_sources.ts";

/** A directory that is removed at the end. */
async function inDirectory(body: (directory: string) => void | Promise<void>): Promise<void> {
  const directory = await Deno.realPath(await Deno.makeTempDir());
  try {
    await body(directory);
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
}

Deno.test("a variable of the process is its value, empty or not; what no process can have is not set", () => {
  Deno.env.set("AIRLOCK_TEST_EMPTY", "");
  Deno.env.set("AIRLOCK_TEST_SET", "a = b");
  try {
    assert.equal(processSources.os("AIRLOCK_TEST_SET"), "a = b");
    assert.equal(processSources.os("AIRLOCK_TEST_EMPTY"), "");
    for (const name of ["AIRLOCK_TEST_NONE", "app:airlock_test", "A=B", "A\0B"]) {
      assert.equal(processSources.os(name), undefined, name);
    }
  } finally {
    Deno.env.delete("AIRLOCK_TEST_EMPTY");
    Deno.env.delete("AIRLOCK_TEST_SET");
  }
});

Deno.test("a file's text is read without its byte order mark; a missing file is no error", async () => {
  await inDirectory((directory) => {
    Deno.writeTextFileSync(`${directory}/.env`, "\uFEFFA=é");
    assert.equal(processSources.readText(`${directory}/.env`), "A=é");
    for (const path of ["none", "none/.env", ".env/below"]) {
      assert.equal(processSources.readText(`${directory}/${path}`), undefined, path);
    }
  });
});

Deno.test("a file that cannot be read as text is an error", async () => {
  await inDirectory((directory) => {
    Deno.writeFileSync(`${directory}/.env`, Uint8Array.of(65, 61, 0xff));
    assert.throws(() => processSources.readText(`${directory}/.env`), {
      name: "Error",
      message: `${directory}/.env is not UTF-8 text`,
    });
    assert.throws(() => processSources.readText(directory), {
      name: "Error",
      message: `${directory} cannot be read: Is a directory (os error 21)`,
    });
  });
});

/** What a process with these flags says when it reads `CANARY` and a file. */
async function refused(...flags: string[]): Promise<string[]> {
  const sources = new URL("../../src/runtime/env_sources.ts", import.meta.url).href;
  const code = `import { processSources as s } from "${sources}";
    for (const read of [() => s.os("CANARY"), () => s.readText("/no/.env")]) {
      try { console.log(String(read())); } catch (e) { console.log(e.name + ": " + e.message); }
    }`;
  const { stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", ...flags, `data:text/typescript,${encodeURIComponent(code)}`],
    env: { CANARY: "tweet", NO_COLOR: "1" },
    stdin: "null",
  }).output();
  assert.equal(new TextDecoder().decode(stderr), "");
  return new TextDecoder().decode(stdout).trimEnd().split("\n");
}

const ENV = "NotCapable: this process may not read the environment variable CANARY; ";
const FILE = "NotCapable: this process may not read /no/.env; ";
const FLAGS: [flags: string[], said: string[]][] = [
  [[], [`${ENV}add --allow-env=CANARY`, `${FILE}add --allow-read=/no/.env`]],
  [["--no-prompt"], [`${ENV}add --allow-env=CANARY`, `${FILE}add --allow-read=/no/.env`]],
  [["--allow-env=HOME", "--allow-read=/etc"], [
    `${ENV}add --allow-env=CANARY`,
    `${FILE}add --allow-read=/no/.env`,
  ]],
  [["--allow-env=CANARY", "--allow-read=/no/.env"], ["tweet", "undefined"]],
  [["--allow-env", "--deny-env=CANARY", "--allow-read", "--deny-read=/no"], [
    `${ENV}it was started with a --deny flag`,
    `${FILE}it was started with a --deny flag`,
  ]],
  [["--ignore-env=CANARY", "--allow-read"], ["undefined", "undefined"]],
];

for (const [flags, said] of FLAGS) {
  Deno.test(`reading with ${flags.join(" ") || "no flags"}`, async () => {
    assert.deepEqual(await refused(...flags), said);
  });
}
