/** The fence table: what Deno's permissions hold with no other wall. */
import { check } from "./check.ts";
import { runTable } from "./table.ts";

Deno.test({
  name: "behind Deno's permissions alone, JavaScript",
  ignore: Deno.build.os !== "linux",
  async fn(t) {
    await check(t, await runTable("none"), await runTable("deno"), "deno", Deno.uid() === 0);
  },
});
