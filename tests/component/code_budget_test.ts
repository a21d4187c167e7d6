/** What the code that is written for a component may take: one function, and all of them. */
import assert from "node:assert/strict";
import { Component, type Imports, LinkError } from "../../src/component/mod.ts";
import {
  component,
  externName,
  name,
  type Part,
  record,
  section,
  types,
  U32,
  u32,
  vec,
  vecOf,
} from "./bytes.ts";
import { core } from "./cores.ts";
import { thrown } from "./guests.ts";

/** A component that imports one function of a record of so many fields, and lowers it so many times. */
function lowering(fields: number, times: number, longer = ""): Component {
  const large = record(...Array.from({ length: fields }, (_, i): [string, Part] => [`f${i}${longer}`, U32]));
  const memory = core(section(5, vec([0x00, 0x01])), section(7, vec([name("m"), 0x02, 0x00])));
  return Component.compileSync(component(
    types(large),
    section(10, vec([externName("t"), 0x03, 0x00, 0x00])),
    types([0x40, vec([name("a"), u32(1)]), 0x01, 0x00]),
    section(10, vec([externName("f"), 0x01, u32(2)])),
    section(1, memory),
    section(2, vec([0x00, 0x00, vec()])),
    section(6, vec([0x00, 0x02, 0x01, 0x00, name("m")])),
    section(8, vecOf(Array.from({ length: times }, () => [0x01, 0x00, 0x00, vec([0x03, 0x00])]))),
  ));
}

const given: Imports = { f: () => {} };

Deno.test("a function whose types take too much code is refused", () => {
  lowering(1_000, 1).instantiateSync(given);
  const error = thrown(() => lowering(5_000, 1, "x".repeat(90)).instantiateSync(given));
  assert.ok(error instanceof LinkError, String(error));
  assert.match(error.message, /of one function take more than 500000 characters/);
});

Deno.test("functions that are each small enough may be too much together, and are no less so the next time", () => {
  const component = lowering(5_000, 1_000);
  const from = performance.now();
  for (let i = 0; i < 20; i++) {
    const error = thrown(() => component.instantiateSync(given));
    assert.ok(error instanceof LinkError, String(error));
    assert.match(error.message, /functions of the component take more than 16000000 characters/);
  }
  assert.ok(performance.now() - from < 20_000);
});

Deno.test("what is written once counts once, for any number of instances", () => {
  const component = lowering(1_000, 100);
  for (let i = 0; i < 100; i++) component.instantiateSync(given);
});
