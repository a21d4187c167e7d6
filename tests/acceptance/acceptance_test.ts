/** The cases 1 to 21 of the original application, whose layout `app/` has. */
import assert from "node:assert/strict";
import { Service } from "../cli/serve_support.ts";
import { airlock } from "../support/airlock.ts";
import { type Case, milliseconds, table } from "./cases.ts";

const APP = "tests/acceptance/app";

const USERS = [
  { id: 1, name: "Alice", tags: ["admin", "dev"], active: true },
  { id: 2, name: "Bob", tags: ["user"], active: false },
];
const [ALICE, BOB, CHARLIE] = [
  { name: "Alice", age: 25 },
  { name: "Bob", age: 15 },
  { name: "Charlie", age: 30 },
];

const wasm = (name: string) => `app.test.wasm:${name}`;

/** 6 × 7, by an entry. */
const compute = (title: string, name: string): Case => ({
  title,
  id: wasm(name),
  args: [6, 7],
  returns: 42,
  prints: "42",
});

/** A value that comes back as it went. */
const echo = (title: string, name: string, value: unknown, json = JSON.stringify(value)): Case => ({
  title,
  id: wasm(`encoder_component_echo_${name}`),
  args: [value],
  returns: value,
  words: [json],
  prints: json,
});

table(APP, [
  { title: "1. A module that is text answers", id: wasm("answer_wat"), returns: 42, prints: "42" },
  { title: "2. A core module answers", id: wasm("answer_wasm_fs"), returns: 42, prints: "42" },
  compute("3. A component with an inline pool computes", "compute_component_inline"),
  compute("4. A component with a lazy pool computes", "compute_component_lazy"),
  compute("5. A component with a static pool computes", "compute_component_static"),
  compute("6. A component with an adaptive pool computes", "compute_component_adaptive"),
  compute("7. Packages that a component does not import do no harm", "compute_component_wasi"),
  compute("8. A process computes", "compute_component_process"),
  {
    title: "9. Records are transformed",
    id: wasm("mapper_component_transform"),
    args: [USERS],
    returns: [
      { id: 1, display: "Alice [admin, dev]", tagCount: 2 },
      { id: 2, display: "Bob [user]", tagCount: 1 },
    ],
    prints:
      '[{"id":1,"display":"Alice [admin, dev]","tag-count":2},{"id":2,"display":"Bob [user]","tag-count":1}]',
  },
  {
    title: "10. Records are filtered by a boolean",
    id: wasm("mapper_component_filter_active"),
    args: [USERS],
    returns: [{ id: 1, display: "Alice [admin, dev]", tagCount: 2 }],
    prints: '[{"id":1,"display":"Alice [admin, dev]","tag-count":2}]',
  },
  {
    title: "11. Texts in lists in records are gathered",
    id: wasm("mapper_component_aggregate_tags"),
    args: [USERS],
    returns: ["admin", "dev", "user"],
    prints: '["admin","dev","user"]',
  },
  echo(
    "12. A record of records comes back",
    "rectangle",
    { topLeft: { x: 0, y: 0 }, bottomRight: { x: 100, y: 50 } },
    '{"top-left":{"x":0,"y":0},"bottom-right":{"x":100,"y":50}}',
  ),
  {
    title: "13. Records are filtered by a number",
    id: wasm("encoder_component_filter_adults"),
    args: [[ALICE, BOB, CHARLIE]],
    returns: [ALICE, CHARLIE],
    prints: JSON.stringify([ALICE, CHARLIE]),
  },
  {
    title: "14. A result that is ok is its value, and as JSON says so",
    id: wasm("encoder_component_try_divide"),
    args: [10, 2],
    returns: 5,
    prints: '{"ok":5}',
  },
  {
    title: "15. A result that is err is thrown, and as JSON is data",
    id: wasm("encoder_component_try_divide"),
    args: [10, 0],
    rejects: { name: "ComponentError", payload: { code: 1, message: "division by zero" } },
    prints: '{"err":{"code":1,"message":"division by zero"}}',
    code: 1,
  },
  echo("16. A record comes back", "point", { x: 7, y: 11 }),
  {
    title: "17. A sum has 64 bits",
    id: wasm("encoder_component_sum_list"),
    args: [[1, 2, 3, 4]],
    returns: 10n,
    prints: "10",
  },
  {
    title: "18. A sleep passes",
    id: wasm("sleep_component_sleep_ms"),
    args: [5],
    returns: milliseconds,
    prints: /^\d+$/,
  },
  {
    title: "19. Work and sleeps take turns",
    id: wasm("sleep_component_work_with_sleep"),
    args: [2, 5],
    returns: milliseconds,
    prints: /^\d+$/,
  },
  { title: "20. JavaScript adds", id: wasm("js_add_component"), args: [5, 7], returns: 12, prints: "12" },
  {
    title: "20. JavaScript multiplies",
    id: wasm("js_multiply_component"),
    args: [6, 7],
    returns: 42,
    prints: "42",
  },
  {
    title: "20. JavaScript greets",
    id: wasm("js_greet_component"),
    args: ["Wippy"],
    returns: "Hello, Wippy!",
    prints: "Hello, Wippy!",
  },
  {
    title: "21. What HTTP asks can be called as well",
    id: wasm("http_greet_component"),
    args: ["Wippy"],
    returns: "Hello, Wippy!",
    prints: "Hello, Wippy!",
  },
]);

// What else the component of the cases 12 to 17 exports.
table(APP, [
  echo("A record of a text and a number comes back", "person", { name: "Zoë", age: 2 ** 32 - 1 }),
  {
    title: "An enum is its name",
    id: wasm("encoder_component_echo_color"),
    args: ["green"],
    returns: "green",
    prints: "green",
  },
  echo(
    "A variant has a tag and a value, and is one key in JSON",
    "shape",
    { tag: "circle", val: 3 },
    '{"circle":3}',
  ),
  echo(
    "A variant carries a record",
    "shape",
    { tag: "rect", val: { topLeft: { x: 1, y: 2 }, bottomRight: { x: -3, y: -4 } } },
    '{"rect":{"top-left":{"x":1,"y":2},"bottom-right":{"x":-3,"y":-4}}}',
  ),
  {
    title: "A case without payload is null in JSON, and may be written as a word",
    id: wasm("encoder_component_echo_shape"),
    args: [{ tag: "none" }],
    returns: { tag: "none" },
    words: ["none"],
    prints: '{"none":null}',
  },
  {
    title: "Flags are an object of booleans, and may be written as a list",
    id: wasm("encoder_component_echo_permissions"),
    args: [{ read: true, execute: true }],
    returns: { read: true, write: false, execute: true },
    words: ['["read","execute"]'],
    prints: '{"read":true,"write":false,"execute":true}',
  },
  {
    title: "A list of numbers comes back",
    id: wasm("encoder_component_echo_list_s32"),
    args: [[1, -2, 3]],
    returns: (value: unknown) => assert.deepEqual(Array.from(value as ArrayLike<number>), [1, -2, 3]),
    prints: "[1,-2,3]",
  },
  echo("A list of texts comes back", "list_string", ["a", "", "日本"]),
  echo("A list of records comes back", "list_point", [{ x: 1, y: 2 }, { x: 3, y: 4 }]),
  {
    title: "An option that is there is its value",
    id: wasm("encoder_component_maybe_point"),
    args: [true],
    returns: { x: 3, y: 4 },
    prints: '{"x":3,"y":4}',
  },
  {
    title: "An option that is not there is undefined, and null in JSON",
    id: wasm("encoder_component_maybe_point"),
    args: [false],
    returns: undefined,
    prints: "null",
  },
  {
    title: "A text that is there is JSON where it might not be",
    id: wasm("encoder_component_maybe_string"),
    args: [true],
    returns: "some",
    prints: '"some"',
  },
  {
    title: "A text that is parsed is ok",
    id: wasm("encoder_component_try_parse"),
    args: ["-17"],
    returns: -17,
    prints: '{"ok":-17}',
  },
  {
    title: "A text that cannot be parsed is an err with a text",
    id: wasm("encoder_component_try_parse"),
    args: ["x"],
    rejects: { name: "ComponentError", payload: "invalid digit found in string" },
    prints: '{"err":"invalid digit found in string"}',
    code: 1,
  },
  {
    title: "A pair is swapped",
    id: wasm("encoder_component_swap_pair"),
    args: [1, 2],
    returns: [2, 1],
    prints: "[2,1]",
  },
  {
    title: "A tuple of three comes back",
    id: wasm("encoder_component_triple"),
    args: [5],
    returns: [5, 10, 15],
    prints: "[5,10,15]",
  },
  {
    title: "Numbers are doubled, and wrap",
    id: wasm("encoder_component_double_list"),
    args: [[1, 2, 2 ** 30]],
    returns: (value: unknown) => assert.deepEqual(Array.from(value as ArrayLike<number>), [2, 4, -(2 ** 31)]),
    prints: "[2,4,-2147483648]",
  },
]);

Deno.test("21. A body of text is the argument of a function, and its text the answer", async () => {
  await using service = await Service.start([APP, "--host", "127.0.0.1"]);
  const response = await fetch(`${service.url}/wasm/greet`, {
    method: "POST",
    headers: { "content-type": "text/plain" },
    body: "Wippy",
  });
  assert.equal(await response.text(), "Hello, Wippy!");
  assert.equal(response.status, 200);
  assert.equal(response.headers.get("content-type"), "text/plain; charset=utf-8");
});

Deno.test("An application with entries of Lua and unknown fields has no errors", async () => {
  const { code, stdout, stderr } = await airlock(["check", APP]);
  const problems = `${stdout}${stderr}`.split("\n").filter((line) => line && !line.includes(": warning: "));
  assert.match(problems.join("\n"), /^\d+ entries checked: ok$/);
  assert.equal(code, 0);
});
