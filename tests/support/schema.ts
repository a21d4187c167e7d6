/** `deno task schema`: writes `schema.json`. */
import { schemaText } from "./json_schema.ts";

await Deno.writeTextFile(new URL("../../schema.json", import.meta.url), schemaText());
