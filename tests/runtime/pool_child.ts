// Calls entries that run in processes of their own, tells which those were, and forgets about them.
import { Runtime } from "../../mod.ts";

const runtime = await Runtime.load(Deno.args[0]!);
if (await runtime.call("shared", "Ada", 20) !== "Hello, Ada!") throw new Error("shared");
if (await runtime.call("alone", 20, 22) !== 42) throw new Error("alone");
const children = await Deno.readTextFile(`/proc/${Deno.pid}/task/${Deno.pid}/children`);
console.log(children.trim());
