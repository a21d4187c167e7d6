import assert from "node:assert/strict";
import { directory, onlyDirectory, problems } from "./support.ts";

Deno.test("a directory entry has the defaults of the format", () => {
  const entry = onlyDirectory(directory("directory: ./wasm"));
  assert.equal(entry.id, "app:d");
  assert.equal(entry.directory, "./wasm");
  assert.equal(entry.mode, 0o755);
  assert.equal(entry.autoInit, false);
  assert.equal(entry.base, "project");
  assert.deepEqual(entry.where.directory, { file: "app.yaml", line: 5, column: 16 });
});

Deno.test("a mode that all may read also lets them enter, as in the original", () => {
  const cases: [text: string, mode: number][] = [
    ["0444", 0o555],
    ["0644", 0o755],
    ["0400", 0o400],
    ["755", 0o755],
    ["0755", 0o755],
    ["0544", 0o544],
    ["", 0o755],
  ];
  for (const [text, mode] of cases) {
    assert.equal(onlyDirectory(directory("directory: x", `mode: "${text}"`)).mode, mode, text);
  }
});

Deno.test("every problem of a directory entry is reported", () => {
  const text = directory("mode: 0755", "auto_init: 'no'", "base: modul", "type: 5", "direktory: x");
  assert.deepEqual(problems(text), [
    "app.yaml:3:5: app:d: directory is missing: the directory on the host, relative to the project root; " +
    'is it what "direktory" was meant to be?',
    'app.yaml:5:11: app:d: mode must be a string of octal digits in quotes, like "0755", found the number 0755; ' +
    'write "0755" in quotes',
    'app.yaml:6:16: app:d: auto_init must be true or false, found "no"',
    'app.yaml:7:11: app:d: base must be a known base, found "modul"; allowed: project, module; did you mean module?',
    'app.yaml:8:11: app:d: type must be a string, found the number 5; write "5" in quotes',
    'app.yaml:9:5: app:d: "direktory" is no known field; did you mean directory?',
  ]);
});

Deno.test("a mode that is not octal is refused", () => {
  for (const mode of ["0855", "rwx", "0o755", "77777", "-1", " 755"]) {
    assert.deepEqual(problems(directory("directory: x", `mode: "${mode}"`)), [
      `app.yaml:6:11: app:d: mode must be octal digits, like "0755", found "${mode}"`,
    ]);
  }
});
