import assert from "node:assert/strict";
import { declareTypes } from "../../src/component/wit/declare.ts";
import { component, file, withGolden } from "./wit_support.ts";

const SETTINGS = {
  compilerOptions: { strict: true, noUncheckedIndexedAccess: true, exactOptionalPropertyTypes: true },
};

/** Type-checks a program beside declarations; what the checker says, if it objects. */
function check(declarations: Readonly<Record<string, string>>, program: string): string | undefined {
  const folder = Deno.makeTempDirSync({ prefix: "airlock-types-" });
  try {
    Deno.writeTextFileSync(`${folder}/deno.json`, JSON.stringify(SETTINGS));
    for (const [name, text] of Object.entries(declarations)) {
      Deno.writeTextFileSync(`${folder}/${name}`, text);
    }
    Deno.writeTextFileSync(`${folder}/program.ts`, program);
    const { success, stderr } = new Deno.Command(Deno.execPath(), {
      args: ["check", "--quiet", "--config", `${folder}/deno.json`, `${folder}/program.ts`],
      env: { NO_COLOR: "1" },
    }).outputSync();
    return success ? undefined : new TextDecoder().decode(stderr);
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
}

const ENGINE = JSON.stringify(new URL("../../src/component/mod.ts", import.meta.url).href);

Deno.test("declarations of every component here type-check", () => {
  const declarations: Record<string, string> = {};
  const lines: string[] = [];
  for (const [i, path] of [...withGolden(), "component/wit/beyond"].entries()) {
    declarations[`m${i}.d.ts`] = declareTypes(component(`${path}.wasm`));
    lines.push(
      `import type * as m${i} from "./m${i}.d.ts";\nexport type M${i} = [m${i}.Imports, m${i}.Exports];`,
    );
  }
  assert.ok(lines.length >= 10);
  assert.equal(check(declarations, lines.join("\n")), undefined);
});

Deno.test("the checker objects to declarations that are wrong", () => {
  const program = 'import type { Exports } from "./m.d.ts";\nexport type M = Exports;';
  assert.match(check({ "m.d.ts": "export type Exports = Nowhere;" }, program) ?? "", /Nowhere/);
});

Deno.test("declarations carry documentation, and read as they should", () => {
  const text = declareTypes(component("component/wit/documented.wasm"));
  assert.equal(text, Deno.readTextFileSync(file("component/wit/documented.d.ts.golden")));
});

Deno.test("what is declared of resources fits the engine's values", () => {
  const program = `
import { Component, ComponentError } from ${ENGINE};
import type { Exports, Imports, TestResourcesCounters } from "./resources.d.ts";

class Logger {
  #lines: string[] = [];
  constructor(readonly prefix: string) {}
  log(line: string): number {
    return this.#lines.push(line);
  }
  lines(): string[] {
    return this.#lines;
  }
  static root(): Logger {
    return new Logger("root");
  }
}
const logging = {
  Logger,
  compare: (a: Logger, b: Logger): number => a.prefix.length + b.prefix.length,
  close: (it: Logger): string[] => it.lines(),
  open(name: string): Logger {
    if (name === "") throw new ComponentError("no name");
    return new Logger(name);
  },
};
export async function run(component: Component, imports: Imports): Promise<string[]> {
  const instance = await component.instantiate(imports);
  const exports = instance.exports as Exports;
  const { Counter, maybe, sum } = exports["test:resources/counters@0.1.0"];
  using counter: TestResourcesCounters.Counter = new Counter(3);
  const next: number = counter.increment(2) + Counter.greater(counter, counter.copy()) + sum([counter]);
  const none: TestResourcesCounters.Counter | undefined = maybe();
  // @ts-expect-error a counter starts at a number
  new Counter("3");
  return exports["test:resources/driver@0.1.0"].logAll(String(next + (none?.value() ?? 0)), ["a"]);
}
export const imports: Imports = { "test:resources/logging@0.1.0": logging };
// @ts-expect-error the class is missing
export const fewer: Imports = { "test:resources/logging@0.1.0": { ...logging, Logger: undefined } };
// @ts-expect-error nothing here waits, so nothing may return a promise
export const later: Imports = { "test:resources/logging@0.1.0": { ...logging, compare: async () => await 1 } };
`;
  const declarations = { "resources.d.ts": declareTypes(component("guests/resources/resources.wasm")) };
  assert.equal(check(declarations, program), undefined);
});

Deno.test("every kind of value is declared as the engine takes and gives it", () => {
  const program = `
import type { Exports, TestKindsEcho } from "./kinds.d.ts";

declare const exports: Exports;
const echo = exports["test:kinds/echo@0.1.0"];
export const long: bigint = echo.echoU64(1n);
export const letter: string = echo.echoChar("é");
export const person: TestKindsEcho.Person = echo.echoPerson({ id: 1, name: "Ada", tags: [], active: true });
export const mixed: TestKindsEcho.Mixed = echo.echoMixed({ tag: "numbers", val: Uint32Array.of(1) });
if (mixed.tag === "someone") mixed.val.nickName satisfies string | undefined;
// @ts-expect-error a u64 is a bigint
echo.echoU64(1);
// @ts-expect-error no such case
echo.echoMixed({ tag: "nobody" });
`;
  const declarations = { "kinds.d.ts": declareTypes(component("guests/kinds/kinds.wasm")) };
  assert.equal(check(declarations, program), undefined);
});

Deno.test("where something may wait, imports may return promises, and so do exports", () => {
  const sleeper = component("guests/sleeper/sleeper.wasm");
  assert.match(declareTypes(sleeper), /greetAfter\(name: string, ms: number\): string \| Promise<string>;/);
  assert.match(declareTypes(sleeper), /block\(\): void \| Promise<void>;/);
  assert.match(declareTypes(sleeper, { suspends: false }), /greetAfter\(name: string, ms: number\): string;/);
  const minimal = component("guests/minimal/minimal.wasm");
  assert.match(declareTypes(minimal), /compute\(a: number, b: number\): number;/);
  assert.match(
    declareTypes(minimal, { suspends: true }),
    /compute\(a: number, b: number\): number \| Promise<number>;/,
  );
});

Deno.test("an interface on both sides is declared once for each", () => {
  const text = declareTypes(component("guests/kinds/forward.wasm"));
  assert.match(text, /readonly "test:kinds\/echo@0\.1\.0": TestKindsEcho;/);
  assert.match(text, /readonly "test:kinds\/echo@0\.1\.0": TestKindsEchoExport;/);
});
