/**
 * Looks that a name is no link, and opens a file below it: what was looked at may not be what is opened. It tries at least
 * so often, and until it was led astray once: to the secret, or to a refusal. It prints how often it came to what.
 */
const [mount, canary, tries] = Deno.args;
const counts = { secrets: 0, granted: 0, refused: 0 };
for (let i = 0; i < 10_000_000; i++) {
  if (i >= Number(tries) && counts.secrets + counts.refused > 0) break;
  try {
    if (!Deno.lstatSync(`${mount}/swapped`).isDirectory) continue;
    if (Deno.readTextFileSync(`${mount}/swapped/file`) === canary) counts.secrets++;
    else counts.granted++;
  } catch (error) {
    if (error instanceof Deno.errors.PermissionDenied) counts.refused++;
    else if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}
console.log(JSON.stringify(counts));
