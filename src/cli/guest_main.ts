/**
 * The program of a process that has nothing but what one guest was granted. `deno task bundle` makes `dist/guest.json` of
 * it, and `dist/guest.js` evaluates that: so it exports nothing.
 *
 * @module
 */
if (Deno.args[0] === "channel") {
  const { serveChannel } = await import("../compartment/child.ts");
  await serveChannel();
} else {
  const { runJob } = await import("./guest.ts");
  // Not by letting the event loop run dry: a guest that has ended may have left a read of stdin behind.
  Deno.exit(await runJob());
}
