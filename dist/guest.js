// The program of guests' processes. Its body is evaluated, not imported: Deno parses every module by itself before V8 does,
// which for this one takes 50 ms where no cache can be written.
const body = Deno.readTextFileSync(new URL("guest_body.js", import.meta.url));
await new (async () => {}).constructor(body)();
