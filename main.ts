/**
 * The command line: `deno run -A main.ts run app.yaml greet Ada`; `--help` lists the commands.
 *
 * @module
 */
import command from "./dist/command.json" with { type: "text" };
import { load } from "./dist/load.js";

const guest = () => import("./dist/guest.json", { with: { type: "text" } });
const more = () => import("./dist/more.json", { with: { type: "text" } });

await load(command, new URL(".", import.meta.url).href, [guest, more])("cli/command_main.js");
