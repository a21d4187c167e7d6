/** What `wat_test.ts` runs in a process without permissions. */
import { parseWat } from "../../src/preview1/wat.ts";

console.log((await parseWat("(module)")).length >= 8);
