/**
 * The command line: `deno run -A main.ts run app.yaml greet Ada`; `--help` lists the commands.
 *
 * @module
 */
import command from "./dist/command.json" with { type: "text" };
import { load } from "./dist/load.js";

const more = () => import("./dist/guest.json", { with: { type: "text" } });

await load(command, new URL(".", import.meta.url).href, more)("command_main.js");
