// The program of guests' processes.
import text from "./guest.json" with { type: "text" };
import { load } from "./load.js";

const more = () => import("./more.json", { with: { type: "text" } });

await load(text, new URL("..", import.meta.url).href, [more])("cli/guest_main.js");
