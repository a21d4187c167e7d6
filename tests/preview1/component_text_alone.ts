/** What `component_text_test.ts` runs in processes that may do nothing. */
import { parseComponent } from "../../src/compartment/component_text.ts";

try {
  console.log((await parseComponent("(component)")).length);
} catch (error) {
  const { name, message } = error as Error;
  console.log(`${name}: ${message}`);
}
