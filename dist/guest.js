// The program of guests' processes.
import text from "./guest.json" with { type: "text" };
import { load } from "./load.js";

await load(text, new URL("..", import.meta.url).href)("guest_main.js");
