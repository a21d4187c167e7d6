/**
 * The command line: `deno run -A main.ts run app.yaml greet Ada`; `--help` lists the commands.
 *
 * @module
 */
import command from "./dist/command.js";

const inline = () => import("./dist/inline.js");
const more = () => import("./dist/more.json", { with: { type: "text" } });

// Not statically: Deno keeps compiled modules for its next start when it comes to its event loop, where `run` never does.
const { load } = await import("./dist/load.js");
await load(command, new URL(".", import.meta.url).href, [inline, more])("cli/command_main.js");
