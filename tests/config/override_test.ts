import assert from "node:assert/strict";
import fc from "fast-check";
import { Issues, printIssue } from "../../src/config/issue.ts";
import { loose } from "../../src/config/loose.ts";
import { type Override, readOverride, readOverrides } from "../../src/config/override.ts";
import { type MapNode, plain } from "../../src/config/node.ts";
import { tree } from "../../src/config/tree.ts";

function read(text: string): { override: Override | undefined; said: string[] } {
  const issues = new Issues();
  return { override: readOverride(text, issues), said: issues.sorted().map(printIssue) };
}

const KEYS: [text: string, id: string, path: string[]][] = [
  ["app:gateway:addr=:9090", "app:gateway", ["data", "addr"]],
  ["app.v2:gateway.v1:addr=x", "app.v2:gateway.v1", ["data", "addr"]],
  ["app:f:pool.max_size=4", "app:f", ["data", "pool", "max_size"]],
  ["app:f:.pool.size=4", "app:f", ["data", "pool", "size"]],
  ["app:f:data.pool.size=4", "app:f", ["data", "pool", "size"]],
  ["app:f:meta.command.short=x=y", "app:f", ["meta", "command", "short"]],
  ["app:f:kind=process.wasm", "app:f", ["kind"]],
  ["app:f:data.kind=x", "app:f", ["data", "kind"]],
  [" app:f:method =run", "app:f", ["data", "method"]],
  ["app:s:values.a:b=c", "app:s", ["data", "values", "a:b"]],
];

for (const [text, id, path] of KEYS) {
  Deno.test(`the override ${text} is of ${path.join(" of ")} of ${id}`, () => {
    const { override, said } = read(text);
    assert.deepEqual([override?.id, override?.path, said], [id, path, []]);
  });
}

const WRONG: [text: string, said: string][] = [
  ["app:f:method", '-o app:f:method:1:1: an override is namespace:entry:field=value, found "app:f:method"'],
  ["app:f=x", '-o app:f:1:1: an override is of namespace:entry:field, found "app:f"'],
  ["=x", '-o :1:1: an override is of namespace:entry:field, found ""'],
  ["app::method=x", '-o app::method:1:1: an override is of namespace:entry:field, found "app::method"'],
  [":f:method=x", '-o :f:method:1:1: an override is of namespace:entry:field, found ":f:method"'],
  ["app:f:=x", '-o app:f::1:1: an override is of namespace:entry:field, found "app:f:"'],
  ["app:f:a..b=x", '-o app:f:a..b:1:1: an override is of namespace:entry:field, found "app:f:a..b"'],
];

for (const [text, line] of WRONG) {
  Deno.test(`the override ${JSON.stringify(text)} is none`, () => {
    assert.deepEqual(read(text), { override: undefined, said: [line] });
  });
}

const VALUES: [text: string, value: string | number | boolean][] = [
  ["true", true],
  ["FALSE", false],
  [" true ", true],
  ["yes", "yes"],
  ["5", 5],
  ["-5", -5],
  ["0", 0],
  ["-0", "-0"],
  ["+5", "+5"],
  ["05", "05"],
  ["0755", "0755"],
  ["9007199254740993", "9007199254740993"],
  ["1.5", 1.5],
  ["1e3", 1000],
  [".5", 0.5],
  ["1.2.3", "1.2.3"],
  ["1e999", "1e999"],
  ["0x10", "0x10"],
  ["Infinity", "Infinity"],
  ["", ""],
  [":9090", ":9090"],
  ["~", "~"],
  ["null", "null"],
];

for (const [text, value] of VALUES) {
  Deno.test(`the text ${JSON.stringify(text)} looks like ${JSON.stringify(value)}`, () => {
    assert.equal(loose(text), value);
  });
}

Deno.test("what a text looks like is the text itself, or is written like it", () => {
  fc.assert(fc.property(fc.oneof(fc.string(), fc.integer().map(String), fc.double().map(String)), (text) => {
    const value = loose(text);
    if (typeof value === "boolean") assert.equal(String(value), text.trim().toLowerCase());
    else if (typeof value === "number") assert.equal(value, Number(text));
    else assert.equal(value, text);
  }));
});

Deno.test("whole numbers that JavaScript holds are numbers, whatever their size", () => {
  fc.assert(fc.property(fc.maxSafeInteger(), (n) => assert.equal(loose(String(n)), n)));
});

Deno.test("a map of overrides holds one for each of its fields, nested or not", () => {
  const issues = new Issues();
  const text =
    'app:g:addr: ":9090"\napp:g:timeouts: {read: 5s, idle: 1m}\napp:f:imports: [a, b]\napp:f:strict: true\n';
  const found = readOverrides(tree(text, "s.yaml", issues) as MapNode, issues);
  assert.deepEqual(found.map(({ key, value }) => [key, plain(value)]), [
    ["app:g:addr", ":9090"],
    ["app:g:timeouts.read", "5s"],
    ["app:g:timeouts.idle", "1m"],
    ["app:f:imports", ["a", "b"]],
    ["app:f:strict", true],
  ]);
  assert.deepEqual(found[1]?.at, { file: "s.yaml", line: 2, column: 18 });
  assert.equal(issues.errors, 0);
});
