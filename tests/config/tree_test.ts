import assert from "node:assert/strict";
import { readDocument } from "../../src/config/document.ts";
import { Issues, printIssue } from "../../src/config/issue.ts";
import { type Node, plain } from "../../src/config/node.ts";
import { tree } from "../../src/config/tree.ts";

function read(text: string): { root: Node | undefined; said: string[] } {
  const issues = new Issues();
  const root = tree(text, "t.yaml", issues);
  return { root, said: issues.sorted().map(printIssue) };
}

function value(text: string): unknown {
  const { root, said } = read(text);
  assert.deepEqual(said, []);
  return root === undefined ? undefined : plain(root);
}

Deno.test("values are those of YAML 1.2", () => {
  const text =
    "{a: 1, b: 0x1F, c: yes, d: true, e: ~, f: '1', g: 1.5, h: !!str 1, i: 0o17, j: , k: 2024-01-01}";
  assert.deepEqual(value(text), {
    a: 1,
    b: 31,
    c: "yes",
    d: true,
    e: null,
    f: "1",
    g: 1.5,
    h: "1",
    i: 15,
    j: null,
    k: "2024-01-01",
  });
});

Deno.test("every key and value knows its place, whatever the line breaks", () => {
  for (const eol of ["\n", "\r\n", "\r"]) {
    const lines = ["# comment", "a: 'x'", "b:", '  - &n {c: "y"}', "  - *n", "d: |", "  text", "é𝄞: 1"];
    const { root } = read(`\uFEFF${lines.join(eol)}`);
    assert(root?.type === "map");
    const places = [...root.fields].map(([key, { at, value }]) =>
      `${key} ${at.line}:${at.column} ${value.at.line}:${value.at.column}`
    );
    assert.deepEqual(places, ["a 2:1 2:4", "b 3:1 4:3", "d 6:1 7:1", "é𝄞 8:1 8:6"]);
  }
});

Deno.test("merge keys give way to the map's own keys and to earlier merges", () => {
  const text = `
base: &base {a: 1, b: 2}
more: &more {b: 3, c: 4}
one: {<<: *base, a: 9}
two: {b: 0, <<: [*base, *more]}
`;
  const { one, two } = value(text) as Record<string, unknown>;
  assert.deepEqual(one, { a: 9, b: 2 });
  assert.deepEqual(two, { b: 0, a: 1, c: 4 });
});

const UNREADABLE: [what: string, text: string, said: string[]][] = [
  ["an unclosed list", "a: [1, 2\n", [
    "t.yaml:2:1: unreadable YAML: deficient indentation",
  ]],
  ["bad indentation", "a:\n  b: 1\n c: 2\n", [
    "t.yaml:3:2: unreadable YAML: bad indentation of a mapping entry",
  ]],
  ["a tab as indentation", "a:\n\tb: 1\n", [
    "t.yaml:2:1: unreadable YAML: tab characters must not be used in indentation",
  ]],
  ["an unknown tag", "a: !ruby/object x\n", [
    "t.yaml:1:4: unreadable YAML: unknown scalar tag !<!ruby/object>",
  ]],
  ["an unknown tag of a map", "a: !x\n  b: 1\n", ["t.yaml:1:4: unreadable YAML: unknown mapping tag !<!x>"]],
  ["a tag that makes a map of nothing", "a: !!map ''\n", [
    "t.yaml:1:10: unreadable YAML: a tag makes a list or map of nothing; write [] or {}",
  ]],
  ["a null byte", "a: \0\n", ["t.yaml:1:4: unreadable YAML: null byte is not allowed in input"]],
  ["an unknown alias", "a: *b\n", ["t.yaml:1:4: unreadable YAML: the alias *b names no anchor before it"]],
  ["an alias inside itself", "a: &a\n  b: *a\n", [
    "t.yaml:2:6: unreadable YAML: the alias *a stands inside what it names",
  ]],
  ["every duplicate key", "a: 1\nb: {c: 1, c: 2}\n'a': 3\n", [
    't.yaml:2:11: key "c" is already given at t.yaml:2:5; remove one of the two',
    't.yaml:3:1: key "a" is already given at t.yaml:1:1; remove one of the two',
  ]],
  ["a key that is no string", "? [a]\n: 1\n{b: 1}: 2\n", [
    "t.yaml:1:3: a key must be a string, found a list",
    "t.yaml:3:1: a key must be a string, found a map",
  ]],
  ["a merge of something else", "<<: 5\n", [
    "t.yaml:1:5: << merges a map or a list of maps, found something else",
  ]],
  ["a second document", "a: 1\n---\nb: 2\n", [
    "t.yaml:1:4: a second YAML document begins after this; write one document per file",
  ]],
];

for (const [what, text, said] of UNREADABLE) {
  Deno.test(`a reader is told of ${what}`, () => assert.deepEqual(read(text).said, said));
}

/** Texts that cost more than they look, and the issue each must give at once. */
const HOSTILE: [what: string, text: () => string, said: RegExp][] = [
  ["aliases of aliases (a billion laughs)", () => {
    const lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"];
    for (let i = 1; i < 12; i++) lines.push(`a${i}: &a${i} [${Array(10).fill(`*a${i - 1}`).join(", ")}]`);
    return lines.join("\n");
  }, /aliases stand for more than 100000 values/],
  ["aliases that nest", () => {
    const lines = ["a0: &a0 [x]"];
    for (let i = 1; i < 200; i++) lines.push(`a${i}: &a${i} [*a${i - 1}]`);
    return lines.join("\n");
  }, /nesting is deeper than 100/],
  ["merges of merges", () => {
    const lines = ["a0: &a0 {x0: 1}"];
    for (let i = 1; i < 5000; i++) lines.push(`a${i}: &a${i} {<<: *a${i - 1}, x${i}: 1}`);
    return lines.join("\n");
  }, /aliases stand for more than 100000 values|nesting is deeper/],
  ["brackets", () => "[".repeat(1e6), /nesting exceeded maxDepth/],
  ["braces", () => "{a: ".repeat(1e5), /nesting exceeded maxDepth/],
  ["dashes", () => "- ".repeat(1e5), /nesting exceeded maxDepth/],
  ["indentation", () => Array.from({ length: 2000 }, (_, i) => `${" ".repeat(i)}a:`).join("\n"), /maxDepth/],
];

for (const [what, text, said] of HOSTILE) {
  Deno.test(`${what} end in one issue, soon`, () => {
    const source = text();
    const start = performance.now();
    const issues =
      readDocument(`namespace: app\nentries: []\nx: \n${source.replace(/^/gm, " ")}`, "t.yaml").issues;
    const direct = read(source).said;
    assert(performance.now() - start < 5000);
    assert.equal(direct.length, 1);
    assert.match(direct[0] ?? "", said);
    assert(issues.some((issue) => issue.severity === "error"));
  });
}
