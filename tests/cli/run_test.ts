/** `run`: results on stdout, arguments by WIT type, exit codes. */
import assert from "node:assert/strict";
import { airlock, assertOutcome, type Expected, table } from "../support/airlock.ts";

const calculator = "examples/calculator/app.yaml";
const prints = (stdout: string | RegExp, code = 0): Expected => ({ stdout, code });
const refuses = (stderr: string | RegExp): Expected => ({ stderr, code: 2 });

table("run prints what a method returns", [
  [["run", calculator, "demo:add", "20", "22"], prints("42\n")],
  [["run", calculator, "add", "-2147483648", "-1"], prints("2147483647\n")],
  [["run", calculator, "divide", "7", "2"], prints('{"ok":3}\n')],
  [["run", calculator, "divide", "7", "0"], prints('{"err":{"code":2,"message":"division by zero"}}\n', 1)],
  [["run", calculator, "factorial", "18"], prints('{"ok":6402373705728000}\n')],
  [["run", calculator, "factorial", "20"], prints('{"ok":"2432902008176640000"}\n')],
  [["run", calculator, "factorial", "21"], prints(/^\{"err":\{"code":1,/, 1)],
  [
    ["run", calculator, "summarize", "[3, 1, 4, 1, 5]"],
    prints('{"count":5,"mean":2.8,"smallest":1,"largest":5}\n'),
  ],
  [["run", calculator, "summarize", "[]"], prints("null\n")],
  [["run", calculator, "round", "2.5", "down"], prints("2\n")],
  [["run", calculator, "round", "-Infinity", '"up"'], prints('"-9223372036854775808"\n')],
  [["run", calculator, "round", "NaN", "nearest"], prints("0\n")],
  [["run", calculator, "format", "1234567", '{"sign": true, "grouping": true}'], prints("+1_234_567\n")],
  [["run", calculator, "format", "9223372036854775807", '["hexadecimal"]'], prints("7fffffffffffffff\n")],
  [["run", calculator, "join", '["a", "b"]', " and "], prints("a and b\n")],
  [["run", calculator, "join", '["a", "b"]', "null"], prints("a,b\n")],
  [["run", calculator, "join", '["a", "b"]', '"null"'], prints("anullb\n")],
  [["run", calculator, "join", '["a", "b"]', "1"], prints("a1b\n")],
  [["run", calculator, "join", '["é", "😀"]', ""], prints("é😀\n")],
  [["run", calculator, "join", "[]", ""], prints("")],
  [[
    "run",
    calculator,
    "area",
    '{"rectangle": {"top-left": {"x": 0, "y": 0}, "bottom-right": {"x": 3, "y": 4}}}',
  ], prints("12\n")],
  [[
    "run",
    calculator,
    "area",
    '{"tag": "rectangle", "val": {"topLeft": {"x": 0, "y": 0}, "bottomRight": {"x": 3, "y": 4}}}',
  ], prints("12\n")],
  [["run", calculator, "area", "empty"], prints("0\n")],
  [
    ["run", calculator, "bounds", '[{"x": 1, "y": 5}, {"x": 3, "y": 2}]'],
    prints('{"top-left":{"x":1,"y":2},"bottom-right":{"x":3,"y":5}}\n'),
  ],
  [["run", "examples/calculator", "add", "1", "2"], prints("3\n")],
  [["run", "--root", "examples/calculator", calculator, "add", "1", "2"], prints("3\n")],
  [["run", calculator, "--root=examples/calculator", "add", "1", "2"], prints("3\n")],
]);

table("run says which argument is wrong", [
  [["run", calculator, "add", "1"], refuses("airlock: ArgumentError: add takes 2 arguments (a, b), got 1\n")],
  [
    ["run", calculator, "add", "1", "2", "3"],
    refuses("airlock: ArgumentError: add takes 2 arguments (a, b), got 3\n"),
  ],
  [
    ["run", calculator, "add", "1", "x"],
    refuses(/^airlock: ArgumentError: b is s32, to be given as JSON, got "x": .*not valid JSON\n$/),
  ],
  [
    ["run", calculator, "add", "1", ""],
    refuses(/^airlock: ArgumentError: b is s32, to be given as JSON, got ""/),
  ],
  [["run", calculator, "add", "1", "2.5"], refuses("airlock: ArgumentError: b is s32, got 2.5\n")],
  [
    ["run", calculator, "add", "1", "2147483648"],
    refuses("airlock: ArgumentError: b is s32, got 2147483648\n"),
  ],
  [
    ["run", calculator, "add", "99999999999999999999", "1"],
    refuses("airlock: ArgumentError: a is s32, got 99999999999999999999\n"),
  ],
  [["run", calculator, "factorial", "-1"], refuses("airlock: ArgumentError: n is u32, got -1\n")],
  [["run", calculator, "add", "true", "1"], refuses("airlock: ArgumentError: a is s32, got true\n")],
  [
    ["run", calculator, "round", "1", "sideways"],
    refuses('airlock: ArgumentError: direction is enum { down, nearest, up }, got "sideways"\n'),
  ],
  [
    ["run", calculator, "round", "fast", "up"],
    refuses(/^airlock: ArgumentError: value is f64, to be given as JSON, got "fast": /),
  ],
  [
    ["run", calculator, "format", "1", '{"bold": true}'],
    refuses(
      /^airlock: ArgumentError: style is flags .*: it has no flag "bold" \(flags: sign, grouping, hexadecimal\)\n$/,
    ),
  ],
  [
    ["run", calculator, "format", "9223372036854775808", "{}"],
    refuses("airlock: ArgumentError: value is s64, got 9223372036854775808\n"),
  ],
  [
    ["run", calculator, "summarize", '[1, "2"]'],
    refuses('airlock: ArgumentError: values[1] is f64, got "2"\n'),
  ],
  [["run", calculator, "area", '{"square": 1}'], refuses(/: cases are circle, rectangle, polygon, empty\n$/)],
  [
    ["run", calculator, "area", '{"circle": "big"}'],
    refuses('airlock: ArgumentError: of.circle is f64, got "big"\n'),
  ],
  [
    ["run", calculator, "area", '{"rectangle": {"top-left": {"x": 0, "y": 0}, "bottom-right": {"x": 3}}}'],
    refuses("airlock: ArgumentError: of.rectangle.bottom-right.y is f64, got nothing\n"),
  ],
  [
    ["run", calculator, "bounds", '[{"x": 1, "y": 5, "z": 0}]'],
    refuses(/^airlock: ArgumentError: points\[0\] is record .*: it has no field z \(fields: x, y\)\n$/),
  ],
]);

const ALL =
  "demo:add, demo:divide, demo:factorial, demo:summarize, demo:round, demo:format, demo:join, demo:area, demo:bounds";
const USAGE =
  "usage: run [--root <dir>] [-o <override>] [--audit <file>] <config> <entry> [args…] (`run --help` tells more)\n";

table("run says what is wrong with its words", [
  [["run"], refuses(`airlock: missing <config>\n${USAGE}`)],
  [["run", calculator], refuses(`airlock: missing <entry>; ${calculator} has ${ALL}\n${USAGE}`)],
  [
    ["run", "--rot", calculator],
    refuses(`airlock: unknown option --rot; options are --root, --override, --audit\n${USAGE}`),
  ],
  [["run", calculator, "--root"], refuses(`airlock: --root needs a directory\n${USAGE}`)],
  [
    ["run", "no.yaml", "add"],
    refuses("no.yaml:1:1: cannot be read: No such file or directory (os error 2)\n"),
  ],
  [
    ["run", calculator, "ad"],
    refuses(`airlock: EntryError: no entry "ad"; known: ${ALL}; did you mean add?\n`),
  ],
  [
    ["run", calculator, "files"],
    refuses(`airlock: EntryError: demo:files is fs.directory and cannot be run; entries that can: ${ALL}\n`),
  ],
]);

const hello = "examples/hello/app.yaml";
const TIME = /time: \d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ\n$/;

/** What `hello` prints, for these arguments. */
async function greeting(
  words: readonly string[],
  expected: readonly string[],
  variables: readonly string[],
): Promise<void> {
  const outcome = await airlock(["run", hello, ...words], { env: { CANARY: "of the host" } });
  assert.match(outcome.stdout, TIME);
  const lines = [
    `arguments: ${expected.length}`,
    ...expected.map((word) => `  ${word}`),
    `environment: ${variables.length}`,
    ...variables.map((variable) => `  ${variable}`),
    "",
  ];
  assertOutcome({ ...outcome, stdout: outcome.stdout.replace(TIME, "") }, { stdout: lines.join("\n") });
}

Deno.test("run passes a program its name and the caller's words, whatever they look like", async () => {
  await greeting(["hello", "a b", "", "--help", "--root", "--", "-x", "é"], [
    ...["hello", "a b", "", "--help", "--root", "--", "-x", "é"],
  ], ["GREETING=Hello", "LANG=en"]);
});

Deno.test("run passes a program its own arguments where the entry fixes them", async () => {
  await greeting(["demo:hello-ada", "ignored"], ["hello", "Ada"], []);
});
