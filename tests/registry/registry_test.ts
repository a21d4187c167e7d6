import assert from "node:assert/strict";
import { EntryError } from "../../src/registry/error.ts";
import { load } from "../../src/registry/load.ts";
import { ASSETS, index, memoryFiles, wasm } from "./support.ts";

const registry = load(["a.yaml", "b.yaml"], {
  files: memoryFiles({
    "/box/a.yaml": index(
      ASSETS,
      wasm("greet"),
      wasm("calc"),
      wasm("cli", ", meta: {command: {name: greet}}", "process.wasm"),
    ),
    "/box/b.yaml": index(ASSETS, wasm("calc"), wasm("sleep")).replace("namespace: app", "namespace: lib"),
  }),
});

Deno.test("entries come in the order of the files", () => {
  assert.deepEqual(registry.entries().map((entry) => entry.id), [
    "app:assets",
    "app:greet",
    "app:calc",
    "app:cli",
    "lib:assets",
    "lib:calc",
    "lib:sleep",
  ]);
  assert.deepEqual([...registry.commands].map(([name, entry]) => [name, entry.id]), [["greet", "app:cli"]]);
});

Deno.test("an entry is found by id, then by command, then by a name that only one has", () => {
  const cases: [asked: string, id: string | undefined][] = [
    ["app:greet", "app:greet"],
    ["greet", "app:cli"],
    ["cli", "app:cli"],
    ["sleep", "lib:sleep"],
    ["calc", undefined],
    ["assets", undefined],
    ["nope", undefined],
    ["constructor", undefined],
    ["", undefined],
  ];
  for (const [asked, id] of cases) assert.equal(registry.get(asked)?.id, id);
});

const FAILURES: [asked: string, code: string, candidates: string[], message: string][] = [
  [
    "calc",
    "ambiguous",
    ["app:calc", "lib:calc"],
    '"calc" is the name of 2 entries; write the id: app:calc or lib:calc',
  ],
  [
    "slep",
    "unknown",
    ["sleep"],
    'no entry "slep"; known: app:greet, app:calc, app:cli, lib:calc, lib:sleep; did you mean sleep?',
  ],
  [
    "app:assets",
    "wrong-kind",
    ["app:greet", "app:calc", "app:cli", "lib:calc", "lib:sleep"],
    "app:assets is fs.directory and cannot be run; " +
    "entries that can: app:greet, app:calc, app:cli, lib:calc, lib:sleep",
  ],
];

for (const [asked, code, candidates, message] of FAILURES) {
  Deno.test(`asking for ${asked} to run says that it is ${code}, and what to ask for`, () => {
    assert.throws(() => registry.findWasm(asked), (error) => {
      assert(error instanceof EntryError && error instanceof ReferenceError);
      assert.deepEqual([error.name, error.code, error.asked], ["EntryError", code, asked]);
      assert.deepEqual(error.candidates, candidates);
      assert.equal(error.message, message);
      return true;
    });
  });
}

Deno.test("an empty registry says that it is empty", () => {
  const empty = load(".", { files: memoryFiles({}) });
  assert.throws(() => empty.find("x"), { message: 'no entry "x"; there are none' });
});
