import { decode } from "/tmp/eng/component/binary/decode.ts";
import { validate } from "/tmp/eng/component/validate/validate.ts";
const bytes = Deno.readFileSync(Deno.args[0]);
const t0=performance.now(); const d=decode(bytes); const t1=performance.now(); validate(d); const t2=performance.now();
console.log((t1-t0).toFixed(2),(t2-t1).toFixed(2));
