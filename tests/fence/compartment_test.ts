/** The fence table: what is around a guest's process, made of a real grant. */
import { check } from "./check.ts";
import { runCompartment } from "./compartment.ts";
import { runTable } from "./table.ts";

const linux = Deno.build.os === "linux";

const WALLS = [
  ["flags", "Deno's flags alone, exactly those of the grant"],
  ["rules", "the kernel's fence alone, as the grant has it"],
  ["compartment", "both"],
] as const;

for (const [wall, title] of WALLS) {
  Deno.test({
    name: `in a guest's process, JavaScript behind ${title}`,
    ignore: !linux,
    async fn(t) {
      await check(t, await runTable("none"), await runCompartment(wall), wall, Deno.uid() === 0);
    },
  });
}
