/**
 * Compiles and instantiates mutants, one after the other, and says on stdout how each went. A mutant whose
 * core module loops in its start function can only be stopped from outside, so this is a process of its own.
 *
 * Arguments: first seed, number of mutants, files.
 *
 * @module
 */
import { Component, DecodeError, LinkError, Trap } from "../../src/component/mod.ts";
import { mutant, original } from "./mutate.ts";

const [first, count, ...files] = Deno.args;
const originals = files.map((file) => original(Deno.readFileSync(file)));
const say = (line: string) => Deno.stdout.writeSync(new TextEncoder().encode(`${line}\n`));

class Refused extends Error {
  override readonly name = "Refused";
}

for (let seed = Number(first); seed < Number(first) + Number(count); seed++) {
  const which = seed % originals.length;
  const bytes = mutant(originals[which]!, seed);
  say(`compile ${seed} ${files[which]}`);
  const started = performance.now();
  let result = "instance";
  try {
    const component = await Component.compile(bytes);
    say(`instantiate ${seed} ${(performance.now() - started).toFixed(0)}`);
    await component.instantiate({}, { missing: (name) => new Refused(`${name} is not there`) });
  } catch (error) {
    result = error instanceof DecodeError || error instanceof LinkError || error instanceof Trap
      ? error.name
      : `untyped ${error instanceof Error ? error.stack : String(error)}`.replaceAll("\n", " ");
  }
  say(`done ${seed} ${Math.round(Deno.memoryUsage().rss / 2 ** 20)} ${result}`);
}
