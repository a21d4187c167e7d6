/** Files that the tests of WIT text and of declarations share. */
import { decode } from "../../src/component/binary/decode.ts";
import type { ComponentDefinition } from "../../src/component/binary/definition.ts";

const tests = new URL("../", import.meta.url);

/** A file under `tests/`. */
export function file(path: string): URL {
  return new URL(path, tests);
}

/** A component under `tests/`, decoded. */
export function component(path: string): ComponentDefinition {
  return decode(Deno.readFileSync(file(path)));
}

/** The components under `tests/` that have a golden text: their paths without `.wasm`. */
export function withGolden(): string[] {
  const found: string[] = [];
  for (const folder of ["component/wit", ...folders("guests")]) {
    for (const { name } of Deno.readDirSync(file(folder))) {
      if (name.endsWith(".wit.golden")) found.push(`${folder}/${name.slice(0, -".wit.golden".length)}`);
    }
  }
  return found.sort();
}

function folders(parent: string): string[] {
  const entries = [...Deno.readDirSync(file(parent))];
  return entries.filter((e) => e.isDirectory).map((e) => `${parent}/${e.name}`);
}
