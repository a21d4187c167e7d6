// Who may import whom: the rooms of src/, from the top of the house to the bottom.
import assert from "node:assert/strict";
import { fromFileUrl, relative, walk } from "./support/tree.ts";

/** A room may import those named here, and itself. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  component: [],
  config: [],
  registry: ["config"],
  grant: ["registry", "config"],
  wasi: ["component", "grant"],
  scope: ["grant"],
  sandbox: ["grant"],
  preview1: ["component", "grant", "wasi"],
  transport: ["component"],
  pool: [],
  compartment: ["component", "grant", "config", "wasi", "scope", "sandbox", "preview1"],
  runtime: [
    "component",
    "config",
    "registry",
    "grant",
    "wasi",
    "scope",
    "sandbox",
    "preview1",
    "transport",
    "pool",
    "compartment",
  ],
  compile: ["runtime", "compartment", "sandbox", "scope", "grant", "registry", "config"],
  cli: ["compile", "runtime", "compartment", "transport", "wasi", "component", "grant", "registry", "config"],
};

/** Rooms that touch nothing of Deno, so that they can be tested as plain functions. */
const PURE: readonly string[] = ["component", "config", "grant", "scope", "transport", "pool"];

const root = fromFileUrl(new URL("../src/", import.meta.url));
const files = [...walk(root)].filter((file) => file.endsWith(".ts"));

function room(file: string): string {
  return relative(root, file).split("/")[0]!;
}

/** Every module that a file names in an import, export or `import()`. */
function specifiers(text: string): string[] {
  const code = text.replaceAll(/\/\*[\s\S]*?\*\//g, "").replaceAll(/^\s*\/\/.*$/gm, "");
  return [...code.matchAll(/(?<!["`\w])(?:from\s*|import\s*\(?\s*)"([^"]+)"/g)].map((match) => match[1]!);
}

Deno.test("every room of src is known to this law", () => {
  assert.ok(files.length > 50, "the walk found the sources");
  for (const file of files) assert.ok(room(file) in MAY_IMPORT, `src/${room(file)} is not in the table`);
});

Deno.test("no room imports one above it or beside it", () => {
  const broken: string[] = [];
  let seen = 0;
  for (const file of files) {
    for (const specifier of specifiers(Deno.readTextFileSync(file))) {
      if (!specifier.startsWith(".")) continue;
      seen++;
      const target = fromFileUrl(new URL(specifier, `file://${file}`));
      assert.ok(target.startsWith(root), `${relative(root, file)} imports ${specifier}, outside src`);
      const from = room(file), to = room(target);
      if (from !== to && !MAY_IMPORT[from]!.includes(to)) {
        broken.push(`${relative(root, file)} imports ${to}`);
      }
    }
  }
  assert.ok(seen > 200, "the law saw the imports");
  assert.deepEqual(broken, []);
});

Deno.test("rooms that need no machine use nothing of Deno", () => {
  const broken = files.filter((file) => PURE.includes(room(file)))
    .filter((file) => {
      const text = Deno.readTextFileSync(file).replaceAll(/\/\*[\s\S]*?\*\//g, "").replaceAll(
        /\/\/.*$/gm,
        "",
      );
      return /\bDeno\./.test(text) || specifiers(text).some((s) => s.startsWith("node:"));
    });
  assert.deepEqual(broken.map((file) => relative(root, file)), []);
});

Deno.test("the engine imports no package at all", () => {
  const broken = files.filter((file) => room(file) === "component")
    .filter((file) => specifiers(Deno.readTextFileSync(file)).some((s) => !s.startsWith(".")));
  assert.deepEqual(broken.map((file) => relative(root, file)), []);
});

Deno.test("no source file is two things: none has more than 500 lines", () => {
  const long = files.filter((file) => Deno.readTextFileSync(file).split("\n").length > 500);
  assert.deepEqual(long.map((file) => relative(root, file)), []);
});
