/** Which services start, and in which groups: an order that always exists. */
import assert from "node:assert/strict";
import { parseDocument } from "../../src/config/document.ts";
import { Registry } from "../../src/registry/registry.ts";
import { planUnits } from "../../src/runtime/supervise_plan.ts";

const BASE = `namespace: app
entries:
  - {name: files, kind: fs.directory, directory: .}
  - {name: host, kind: process.host}
  - {name: p, kind: process.wasm, fs: files, path: p.wasm, hash: "sha256:${"0".repeat(64)}", method: f}
`;

/** Entries as `kind name < required…`; `?` behind a name: it is optional, `-`: it does not start by itself. */
function registryOf(lines: readonly string[]): Registry {
  const entries = lines.map((line, i) => {
    const [, kind, name, mark, requires = ""] = /^(http|process) (\w+)([?-]?)(?: < (.*))?$/.exec(line)!;
    const lifecycle = `{auto_start: ${mark !== "-"}, startup: ${mark === "?" ? "optional" : "required"}, ` +
      `requires: [${requires}]}`;
    return kind === "http"
      ? `  - {name: ${name}, kind: http.service, addr: ":${i + 1}", lifecycle: ${lifecycle}}\n`
      : `  - {name: ${name}, kind: process.service, process: p, host: host, lifecycle: ${lifecycle}}\n`;
  });
  return Registry.of([parseDocument(BASE + entries.join(""), "app.yaml")], "/");
}

for (
  const [title, lines, expected, name] of [
    ["nothing", [], []],
    ["nothing that starts by itself", ["process a-", "http b-"], []],
    ["processes by themselves", ["process a", "process b"], ["a", "b"]],
    ["what is required first", ["process a < b", "process b < c", "process c"], ["c", "b", "a"]],
    ["what is required, though it does not start by itself", ["process a < b", "process b-"], ["b", "a"]],
    ["what listens together", ["http a", "process b", "http c"], ["a c", "b"]],
    ["what listens, after what it requires", ["http a < b", "process b", "http c"], ["b", "a c"]],
    ["a process after what listens", ["process b < a", "http a", "http c"], ["a c", "b"]],
    ["what listens twice, where a process is between", ["http a < b", "process b < c", "http c"], [
      "c",
      "b",
      "a",
    ]],
    ["what listens by itself, where others can do without it", ["http a", "http b?", "http c"], ["a c", "b"]],
    ["an optional one between two others", ["http a < b", "http b? < c", "http c"], ["c", "b", "a"]],
    [
      "the one that is named, and what it requires",
      ["process a < b", "process b-", "http c"],
      ["b", "a"],
      "a",
    ],
    ["one that is named by its id", ["process a", "process b-"], ["b"], "app:b"],
    ["nothing, where the name is no service's", ["process a"], [], "p"],
  ] as const
) {
  Deno.test(`starts: ${title}`, () => {
    const { units } = planUnits(registryOf(lines), name);
    assert.deepEqual(
      units.map(({ services }) => services.map(({ id }) => id.slice(4)).sort().join(" ")),
      expected,
    );
  });
}

Deno.test("whatever requires whatever, each unit comes after those that it requires", () => {
  let seed = 1;
  const random = (below: number) => (seed = seed * 48271 % 2147483647) % below;
  for (let round = 0; round < 300; round++) {
    const lines = Array.from({ length: 8 }, (_, i) => {
      const kind = random(2) === 0 ? "http" : "process";
      const mark = ["", "", "?"][random(3)];
      // Of those that are declared before: so there is no circle among services.
      const requires = Array.from({ length: i }, (_, j) => `s${j}`).filter(() => random(3) === 0);
      return `${kind} s${i}${mark} < ${requires.join(", ")}`;
    });
    const { units } = planUnits(registryOf(lines), undefined);
    const done = new Set<string>();
    for (const { id, requires, services } of units) {
      for (const other of requires) assert.ok(done.has(other), `${id} before ${other}: ${lines.join("; ")}`);
      for (const service of services) {
        for (const required of service.lifecycle.requires) {
          const there = done.has(required) ||
            units.some((unit) =>
              (done.has(unit.id) || unit.id === id) && unit.services.some((one) => one.id === required)
            );
          assert.ok(there, `${service.id} before ${required}: ${lines.join("; ")}`);
        }
      }
      done.add(id);
    }
    assert.equal(units.flatMap(({ services }) => services).length, 8);
  }
});
