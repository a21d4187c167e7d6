import assert from "node:assert/strict";
import { load } from "../../src/registry/load.ts";
import { ASSETS, index, memoryFiles, said, wasm } from "./support.ts";

/** An index file with one function whose `wit` is this. */
const using = (wit: string) => index(ASSETS, wasm("f", `, wit: "${wit}"`));

const TEXTS = {
  "/box/wippy.lock": "directories: {src: ./src}\n",
  "/box/src/top.wit": "top",
  "/box/src/app/near.wit": "near\n",
  "/box/src/app/deep/x.wit": "${env:NONE|filled} file://no",
  "/box/outside.wit": "outside",
  "/box/src/empty": "",
};

function witOf(reference: string, path = "/box/src/app/_index.yaml", given = "."): string | undefined {
  const files = memoryFiles({ ...TEXTS, [path]: using(reference) });
  const entry = load(given, { files }).get("app:f");
  return entry?.kind === "function.wasm" ? entry.wit : assert.fail("no such entry");
}

const FOUND: [reference: string, text: string][] = [
  ["file://near.wit", "near\n"],
  ["file://./near.wit", "near\n"],
  ["file://../top.wit", "top"],
  ["file://../app/../top.wit", "top"],
  ["file:///top.wit", "top"],
  ["file:////app/near.wit", "near\n"],
  ["file://../empty", ""],
  // Placeholders in a text count, as in every string; another file:// in it does not.
  ["file://deep/x.wit", "filled file://no"],
  [" file://near.wit", " file://near.wit"],
];

for (const [reference, text] of FOUND) {
  Deno.test(`${reference} is ${JSON.stringify(text)}`, () => assert.equal(witOf(reference), text));
}

Deno.test("the sources are the project's for a file that is named, and its own directory where it is in no project", () => {
  assert.equal(witOf("file:///top.wit", "/box/src/app/x.yaml", "src/app/x.yaml"), "top");
  assert.equal(witOf("file:///top.wit", "/box/src/app/x.yaml", "src/app"), "top");
  const files = memoryFiles({
    "/box/a/app.yaml": using("file:///f.wit"),
    "/box/a/f.wit": "own",
    "/box/f.wit": "no",
  });
  for (const given of ["a/app.yaml", "a"]) {
    const entry = load(given, { files }).get("app:f");
    assert.equal(entry?.kind === "function.wasm" ? entry.wit : undefined, "own");
  }
});

const WRONG: [reference: string, why: string][] = [
  ["file://", "it names no file"],
  ["file:///", "it names no file"],
  ["file://.", "/box/src/app is no regular file"],
  ["file://..", "it is outside /box/src"],
  ["file://../../outside.wit", "it is outside /box/src"],
  ["file:///../outside.wit", "it is outside /box/src"],
  ["file:///etc/passwd", "there is no file /box/src/etc/passwd"],
  ["file://missing.wit", "there is no file /box/src/app/missing.wit"],
  ["file://deep", "/box/src/app/deep is no regular file"],
  ["file://a\\\\b", "a backslash or a null character is no part of a file's name"],
  ["file://a\\0b", "a backslash or a null character is no part of a file's name"],
];

for (const [reference, why] of WRONG) {
  Deno.test(`${JSON.stringify(reference)} is refused: ${why}`, () => {
    const files = memoryFiles({ ...TEXTS, "/box/src/app/_index.yaml": using(reference) });
    const [line = "", more] = said(() => load(".", { files }));
    assert.equal(more, undefined);
    assert.match(line, /^src\/app\/_index\.yaml:4:161: entries\[1\]\.wit: /);
    assert(line.endsWith(` cannot be read: ${why}`), line);
  });
}

Deno.test("texts are read anywhere in a file, and each of them once for all aliases", () => {
  const text = `namespace: app
meta: {note: file://near.wit}
entries:
  - {name: d, kind: fs.directory, directory: ., meta: {deep: [{er: &a file://near.wit}]}}
  - {name: v, kind: env.storage.static, values: {A: *a, B: file:///top.wit}}
`;
  const files = memoryFiles({ ...TEXTS, "/box/src/app/_index.yaml": text });
  let reads = 0;
  const counted = {
    ...files,
    readText: (path: string) => (path.endsWith("near.wit") ? reads++ : 0, files.readText(path)),
  };
  const registry = load(".", { files: counted });
  assert.deepEqual(registry.get("app:d")?.meta, { note: "near\n", deep: [{ er: "near\n" }] });
  const values = registry.get("app:v");
  assert(values?.kind === "env.storage.static");
  assert.deepEqual(values.values, { A: "near\n", B: "top" });
  assert.equal(reads, 3);
});

Deno.test("a candidate that is no index file reads nothing", () => {
  const files = memoryFiles({
    "/box/a.yaml": "x: file://missing\n",
    "/box/b.yaml": "# namespace\nx: file://missing\n",
  });
  assert.deepEqual(said(() => load(".", { files })), []);
});

Deno.test("what a file holds is not told, only its name", () => {
  const files = memoryFiles({
    ...TEXTS,
    "/box/src/key": "swordfish",
    "/box/src/x.yaml": index(ASSETS, wasm("f", ", transport: 'file://key'")),
  });
  assert.deepEqual(said(() => load(".", { files })), [
    'src/x.yaml:4:167: app:f: transport must be a known transport, found "file://key"; allowed: payload, wasi-http',
  ]);
});

Deno.test("of real files, no link leads out, nothing is too long, and all is text", async () => {
  const directory = await Deno.realPath(await Deno.makeTempDir());
  try {
    const at = (path: string) => `${directory}/${path}`;
    Deno.mkdirSync(at("src/inner"), { recursive: true });
    Deno.writeTextFileSync(at("secret"), "swordfish");
    Deno.writeTextFileSync(at("src/inner/a"), "inside");
    Deno.writeFileSync(at("src/bytes"), new Uint8Array([0, 0x61, 0xff]));
    const large = Deno.openSync(at("src/large"), { write: true, create: true });
    large.truncateSync(16 * 1024 * 1024 + 1);
    large.close();
    Deno.symlinkSync("../secret", at("src/link"));
    Deno.symlinkSync("..", at("src/up"));
    Deno.symlinkSync("inner", at("src/in"));
    Deno.symlinkSync("src", at("alias"));
    const read = (reference: string, root = "src") => {
      Deno.writeTextFileSync(at("src/app.yaml"), using(reference));
      return said(() => load(at(`${root}/app.yaml`)));
    };
    const line = (reference: string, why: string) => [
      `${at("src/app.yaml")}:4:161: entries[1].wit: "${reference}" cannot be read: ${why}`,
    ];
    assert.deepEqual(read("file://in/a"), []);
    assert.deepEqual(read("file://in/a", "alias"), []);
    for (const [reference, path] of [["file://link", "link"], ["file://up/secret", "up/secret"]] as const) {
      assert.deepEqual(
        read(reference),
        line(reference, `${at(`src/${path}`)} is a link that leads out of ${at("src")}`),
      );
    }
    assert.deepEqual(read("file://bytes"), line("file://bytes", "it is not UTF-8 text"));
    assert.deepEqual(
      read("file://large"),
      line("file://large", `${at("src/large")} has 16777217 bytes, and 16777216 are the most`),
    );
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
});
