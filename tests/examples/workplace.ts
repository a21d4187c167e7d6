/** Copies of examples, in which the commands of their READMEs run as they are written, and may write. */
import { inRepository, repository } from "../support/airlock.ts";
import { type Project, project } from "../support/project.ts";
import { relative, walk } from "../support/tree.ts";

/** Texts that stand in an example, and what stands there in its copy. */
export type Replacements = ReadonlyMap<string, string>;

/** Puts each text's replacement in its place. */
export function replaced(text: string, replacements: Replacements): string {
  return [...replacements].reduce((text, [from, to]) => text.replaceAll(from, to), text);
}

/** The same in reverse. */
export function restored(text: string, replacements: Replacements): string {
  return replaced(text, new Map([...replacements].map(([from, to]) => [to, from])));
}

/**
 * A directory that looks like the repository to whoever works on one example: its folder is a copy, `main.ts` and the
 * library are those of the repository.
 */
export async function workplace(example: string, replacements: Replacements): Promise<Project> {
  const url = (path: string) => new URL(path, `file://${repository}/`).href;
  const config = JSON.parse(Deno.readTextFileSync(inRepository("deno.json")));
  const { imports, exports, compilerOptions } = config as Record<string, Record<string, string>>;
  const own = Object.entries(exports!).map(([name, path]) => [`@airlock/runtime${name.slice(1)}`, url(path)]);
  const folder = `examples/${example}`;
  const files = [...walk(inRepository(folder))].map((file) => {
    const bytes = Deno.readFileSync(file);
    const content = file.endsWith(".wasm") ? bytes : replaced(new TextDecoder().decode(bytes), replacements);
    return [`${folder}/${relative(inRepository(folder), file)}`, content];
  });
  const place = await project({
    "main.ts": `import ${JSON.stringify(url("main.ts"))};\n`,
    "deno.json": JSON.stringify({ compilerOptions, imports: { ...imports, ...Object.fromEntries(own) } }),
    "deno.lock": Deno.readTextFileSync(inRepository("deno.lock")),
    ...Object.fromEntries(files),
  });
  // Deno takes the names that lead to files for another set of packages, and asks for them anew: with a cache that is
  // empty it would say so among what the commands print.
  await new Deno.Command(Deno.execPath(), {
    args: ["cache", "--quiet", "main.ts"],
    cwd: place.directory,
    stdout: "null",
    stderr: "null",
  }).output();
  return place;
}
