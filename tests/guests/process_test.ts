/** How programs begin and end: arguments, environment, exit codes. */
import assert from "node:assert/strict";
import { assertOutcome } from "../support/airlock.ts";
import { exec } from "./run.ts";

Deno.test("arguments arrive as they were given, of any script and none", async () => {
  const words = [
    "",
    " ",
    "two words",
    "ü",
    "日本語",
    "👩‍👩‍👧",
    "-x",
    "--dir",
    "a\nb",
    "'\"\\$HOME",
    "x".repeat(10_000),
  ];
  const expected = ["process.wasm", "args", ...words].map((word, i) => `${i}: ${word}\n`).join("");
  assertOutcome(await exec("process", ["args", ...words]), { stdout: expected });
});

Deno.test("the environment is what --env says and nothing else", async () => {
  const options = ["--env", "A=1", "--env", "EMPTY=", "--env", "ÜMLAUT=ä ö", "--env", "EQ=a=b"];
  assertOutcome(await exec("process", ["env"], { options, env: { CANARY: "host" } }), {
    stdout: "A=1\nEMPTY=\nÜMLAUT=ä ö\nEQ=a=b\nMISSING: not there\n",
  });
  assertOutcome(await exec("process", ["env"], { options: ["--env", "MISSING=here"] }), {
    stdout: "MISSING=here\nMISSING: here\n",
  });
  assertOutcome(await exec("process", ["env"]), { stdout: "MISSING: not there\n" });
});

Deno.test("the current directory is / or what --cwd says", async () => {
  assertOutcome(await exec("process", ["cwd"]), { stdout: "/\n" });
  assertOutcome(await exec("process", ["cwd"], { options: ["--cwd", "/box/ü"] }), { stdout: "/box/ü\n" });
});

/** The adapter of preview 1 knows success and failure; the exact code has a function of its own. */
const ENDS: readonly (readonly [words: readonly string[], code: number])[] = [
  [["exit", "0"], 0],
  [["exit", "1"], 1],
  [["exit", "77"], 1],
  [["return", "0"], 0],
  [["return", "5"], 1],
  [["code", "0"], 0],
  [["code", "1"], 1],
  [["code", "42"], 42],
  [["code", "124"], 124],
  [["code", "255"], 255],
];

for (const [words, code] of ENDS) {
  Deno.test(`${words.join(" ")} ends with ${code}`, async () => {
    assertOutcome(await exec("process", words), { stdout: "before the end\n", code });
  });
}

for (const how of ["abort", "trap"]) {
  Deno.test(`${how} ends with 1, a reason on stderr, and what was written before`, async () => {
    const { code, stdout, stderr } = await exec("process", [how]);
    assert.deepEqual({ code, stdout }, { code: 1, stdout: "before the end\n" });
    assert.match(stderr, /^airlock: Trap: wasm trap: unreachable\n/);
    assert.match(stderr, / at program at 0x/);
  });
}
