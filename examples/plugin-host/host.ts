/** Publishes posts: each goes through all plugins, and what a plugin does wrong is that plugin's affair. */
import { Runtime } from "@airlock/runtime";

const posts = [
  "Plugins -- by anybody.",
  "The password is in a file.",
  "To be continued ...",
];

await using runtime = await Runtime.load("examples/plugin-host/app.yaml");
const plugins = runtime.entries().filter(({ kind }) => kind === "function.wasm");

for (const post of posts) {
  let text = post;
  for (const { id } of plugins) {
    try {
      text = await runtime.call(id, text) as string;
    } catch (error) {
      // LimitError, CapabilityError, Trap, …: the text stays what it was.
      const { name, message } = error as Error;
      console.log(`  ${id} is left out: ${name}: ${message}`);
    }
  }
  console.log(text);
}
