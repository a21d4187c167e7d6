/**
 * Airlock's own files in a compiled program: where it begins, and the parts that it evaluates.
 *
 * @module
 */
import { CompartmentError } from "../compartment/error.ts";
import { checkRead } from "../registry/permitted.ts";
import { FOLDERS } from "./manifest.ts";

/** Where it begins. */
const MAIN = `// A program that \`airlock compile\` has made: manifest.json says of what, and what it may do.
import parts from "./airlock/more.json" with { type: "text" };
import { load } from "./airlock/load.js";
import manifest from "./manifest.json" with { type: "text" };

const guest = () => import("./airlock/guest.json", { with: { type: "text" } });
const { main } = await load(parts, import.meta.resolve("./airlock/"), [guest])("cli/compiled_main.js");

Deno.exit(await main(manifest, import.meta.dirname));
`;

const PARTS = ["more.json", "guest.json", "load.js"];

/**
 * Airlock's own files, by their paths in the program's folder.
 *
 * @throws {CompartmentError} If Airlock was not loaded from files.
 */
export async function ownFiles(): Promise<readonly (readonly [name: string, text: string])[]> {
  const dist = new URL("../../dist/", import.meta.url);
  if (dist.protocol !== "file:") {
    throw new CompartmentError(
      `a program is compiled of files, and Airlock was loaded from ${dist.origin}: use a checkout of it`,
    );
  }
  const directory = decodeURIComponent(dist.pathname);
  const parts = await Promise.all(PARTS.map(async (name) => {
    checkRead(`${directory}${name}`);
    return [`${FOLDERS.airlock}/${name}`, await Deno.readTextFile(`${directory}${name}`)] as const;
  }));
  return [["main.js", MAIN], ...parts];
}
