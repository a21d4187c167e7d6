/**
 * The same components as JavaScript that `jco` 1.13.0 makes of them, to compare with.
 *
 * Of jco only the transpiler is wanted. What else it depends on (a JavaScript engine's build tools, an
 * optimizer) comes with native packages for every platform, so that is replaced by an empty package; a child
 * process does it, since that needs a package.json of its own.
 */
import type { Exports } from "../../src/component/mod.ts";

const PACKAGE = {
  dependencies: { "@bytecodealliance/jco": "1.13.0" },
  overrides: {
    "@bytecodealliance/componentize-js": "npm:empty-npm-package@1.0.0",
    "binaryen": "npm:empty-npm-package@1.0.0",
  },
};

const SCRIPT = `
import { transpile } from "@bytecodealliance/jco/component";
for (let i = 0; i < Deno.args.length; i += 2) {
  const [wasm, out] = [Deno.args[i], Deno.args[i + 1]];
  const { files } = await transpile(Deno.readFileSync(wasm), {
    name: "it", instantiation: { tag: "sync" }, noTypescript: true, noNodejsCompat: true, base64Cutoff: 0,
  });
  Deno.mkdirSync(out, { recursive: true });
  for (const [name, bytes] of files) Deno.writeFileSync(out + "/" + name, bytes);
}
`;

/** Makes an instance of a transpiled component. */
export type Instantiate = (imports: Record<string, unknown>) => Exports;

/**
 * Transpiles guests.
 *
 * @param names As in `guest()`.
 * @returns How to instantiate each; or the reason why jco cannot be had, as where there is no network.
 */
export async function transpiled<Name extends string>(
  names: readonly Name[],
): Promise<Record<Name, Instantiate> | { readonly absent: string }> {
  const dir = await Deno.makeTempDir({ prefix: "airlock-jco-" });
  addEventListener("unload", () => Deno.removeSync(dir, { recursive: true }));
  await Deno.writeTextFile(`${dir}/package.json`, JSON.stringify(PACKAGE));
  await Deno.writeTextFile(`${dir}/transpile.js`, SCRIPT);
  const pairs = names.flatMap((name) => [
    new URL(`../guests/${name}.wasm`, import.meta.url).pathname,
    `${dir}/${name}`,
  ]);
  const { success, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--no-lock", "--node-modules-dir=none", "--quiet", "transpile.js", ...pairs],
    cwd: dir,
    stdout: "null",
    stderr: "piped",
  }).output();
  if (!success) return { absent: new TextDecoder().decode(stderr).trim() };
  const made: Partial<Record<Name, Instantiate>> = {};
  for (const name of names) {
    const { instantiate } = await import(`file://${dir}/${name}/it.js`);
    const modules = new Map<string, WebAssembly.Module>();
    const getCoreModule = (file: string) => {
      let module = modules.get(file);
      if (!module) {
        modules.set(file, module = new WebAssembly.Module(Deno.readFileSync(`${dir}/${name}/${file}`)));
      }
      return module;
    };
    made[name] = (imports) => instantiate(getCoreModule, imports);
  }
  return made as Record<Name, Instantiate>;
}
