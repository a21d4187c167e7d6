/**
 * What is remarked about the mounts of a configuration, a line for each. Arguments: the configuration, the root, and
 * variables to set, as JSON. They are set here, since Deno itself would look for its packages where they say.
 */
import { checkMounts } from "../../src/runtime/check_mounts.ts";
import { load } from "../../src/registry/load.ts";

const [config, root, env] = Deno.args as [string, string, string];
for (const [name, value] of Object.entries(JSON.parse(env) as Record<string, string>)) {
  Deno.env.set(name, value);
}
for (const { message } of checkMounts(load(config, { root }))) console.log(message);
