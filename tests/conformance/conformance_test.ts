import assert from "node:assert/strict";
import { runScript } from "./run.ts";
import { findScripts, FOLDERS, problems, readExpected } from "./suite.ts";

const scripts = findScripts();

if ("skipped" in scripts) {
  Deno.test({ name: `conformance is skipped: ${scripts.skipped}`, ignore: true, fn: () => {} });
} else {
  const expected = readExpected();

  for (const { path, source } of scripts) {
    Deno.test(`conformance: ${path} passes, but for the failures that are listed`, async () => {
      const verdicts = await runScript(source());
      assert.ok(verdicts.length > 0, "the script has no assertions: was it read?");
      assert.deepEqual(problems(path, verdicts, expected), []);
    });
  }

  Deno.test("conformance: every folder has scripts, and every listed failure is in one of them", () => {
    const paths = new Set(scripts.map((script) => script.path));
    assert.deepEqual([...new Set(scripts.map((script) => script.folder))].sort(), [...FOLDERS].sort());
    assert.deepEqual(expected.filter((entry) => !paths.has(entry.path)), []);
  });
}
