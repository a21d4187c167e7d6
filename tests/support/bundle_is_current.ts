/** Part of the gate: dist/guest_body.js is what `deno task bundle` makes of the sources. */
import { inRepository } from "./airlock.ts";

const BUNDLE = ["bundle", "--quiet", "--no-lock", "--minify", "--keep-names", "--platform", "deno"];
const made = await Deno.makeTempFile({ suffix: ".js" });
try {
  const { code, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [...BUNDLE, "-o", made, "src/cli/guest_main.ts"],
    cwd: inRepository(""),
  }).output();
  if (code !== 0) throw new Error(new TextDecoder().decode(stderr));
  if (await Deno.readTextFile(made) !== await Deno.readTextFile(inRepository("dist/guest_body.js"))) {
    console.error("dist/guest_body.js is not what its sources make: run `deno task bundle`");
    Deno.exit(1);
  }
} finally {
  await Deno.remove(made);
}
