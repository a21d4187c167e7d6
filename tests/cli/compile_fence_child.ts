/** Narrows this process as the guest's process of a compiled program does, before anything else of the script runs. */
import { Program } from "../../src/compile/program.ts";
import { specOf } from "../../src/compartment/spec.ts";

const [, , home, spec] = Deno.args;
const manifest = Deno.readTextFileSync(`${home}/manifest.json`);
const guest = await new Program(manifest, home!).prepare(specOf(JSON.parse(spec!)));
if (guest.bytes?.length !== 4) throw new Error("the module was read before");
for (const file of ["manifest.json", "modules/it.wasm"]) {
  try {
    Deno.readFileSync(`${home}/${file}`);
  } catch (error) {
    if (error instanceof Deno.errors.NotCapable) continue;
    throw error;
  }
  throw new Error(`${file} can still be read`);
}
