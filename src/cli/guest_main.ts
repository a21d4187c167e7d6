/**
 * The program of a process that has nothing but what one guest was granted. `deno task bundle` makes `dist/guest_body.js` of
 * it, and `dist/guest.js` runs that as the body of a function: so it exports nothing.
 *
 * @module
 */
import { serveChannel } from "../compartment/child.ts";
import { runJob } from "./guest.ts";

if (Deno.args[0] === "channel") await serveChannel();
// Not by letting the event loop run dry: a guest that has ended may have left a read of stdin behind.
else Deno.exit(await runJob());
