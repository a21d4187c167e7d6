/**
 * The program of the command line. `deno task bundle` makes `dist/command.js` of it, and `main.ts` evaluates that: so it
 * exports nothing.
 *
 * @module
 */
import { main } from "./main.ts";

// Not by letting the event loop run dry: a guest that has ended may have left a read of stdin behind.
Deno.exit(await main(Deno.args));
