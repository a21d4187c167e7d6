/** Random bytes of any length. */
import { assertOutcome } from "../support/airlock.ts";
import { exec } from "./run.ts";

Deno.test("random bytes fill what was asked for, beyond what the host gives at once, and differ", async () => {
  assertOutcome(await exec("random", []), {
    stdout: `\
getentropy: ok
getentropy again: ok
the same: 0
getentropy of none: ok
4096 bytes: 4096, 0 parts empty
65536 bytes: 65536, 0 parts empty
65537 bytes: 65537, 0 parts empty
200001 bytes: 200001, 0 parts empty
16777216 bytes: 16777216, 0 parts empty
0 bytes: 0
insecure: 100000, 0 parts empty
two numbers the same: 0
two insecure ones: 0
a seed of zeros: 0
`,
  });
});
