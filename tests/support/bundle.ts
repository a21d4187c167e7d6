/**
 * The two programs of Airlock, in parts that are evaluated when they are first needed: `deno run tests/support/bundle.ts`
 * writes them to dist/, with `--check` it says whether those there are what the sources make.
 *
 * `src/RATIONALE.md` tells why: "Why do the programs run a bundle, and evaluate it?"
 */
import { inRepository } from "./airlock.ts";

/** Where the program of guests' processes begins. */
const GUEST = "guest_main.js";

const AsyncFunction = (async () => {}).constructor as FunctionConstructor;

/** Functions by name of part: what `dist/load.js` evaluates. */
export type Parts = Readonly<Record<string, string>>;

/** Both programs. What both need is with the guest's, which has nothing that it does not need itself. */
export async function bundle(): Promise<{ readonly command: Parts; readonly guest: Parts }> {
  const directory = await Deno.makeTempDir();
  try {
    const { code, stderr } = await new Deno.Command(Deno.execPath(), {
      args: [
        ...["bundle", "--quiet", "--no-lock", "--minify", "--code-splitting", "--platform", "deno"],
        ...["--outdir", directory, "src/cli/command_main.ts", "src/cli/guest_main.ts"],
      ],
      cwd: inRepository(""),
    }).output();
    if (code !== 0) throw new Error(new TextDecoder().decode(stderr));
    const names = [...Deno.readDirSync(directory)].map(({ name }) => name).sort();
    const parts = new Map(names.map((name) => [name, part(Deno.readTextFileSync(`${directory}/${name}`))]));
    const ofGuest = reached(GUEST, parts);
    const take = (wanted: boolean) =>
      Object.fromEntries(
        [...parts].filter(([name]) => ofGuest.has(name) === wanted).map(([name, { code }]) => [name, code]),
      );
    return { command: take(false), guest: take(true) };
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
}

interface Part {
  readonly code: string;
  /** Names of the parts that it may load. */
  readonly loads: readonly string[];
}

/** A module that the bundler wrote → the body of an asynchronous function that returns its exports. */
function part(text: string): Part {
  let rest = text.trimEnd();
  let head = "";
  const loads: string[] = [];
  for (;;) {
    const found = /^import(?:\{([^}]*)\}from|\*as ([\w$]+) from|([\w$]+) from)?"([^"]+)";?\n?/.exec(rest);
    if (!found) break;
    const [whole, names, all, standard, from] = found;
    const module = from!.startsWith("./")
      ? `await AIRLOCK_part("${from!.slice(2)}")`
      : `await import("${from}")`;
    if (from!.startsWith("./")) loads.push(from!.slice(2));
    if (names !== undefined) head += `const{${names.replaceAll(" as ", ":")}}=${module};`;
    else if (all !== undefined) head += `const ${all}=${module};`;
    else if (standard !== undefined) head += `const ${standard}=(${module}).default;`;
    else head += `${module};`;
    rest = rest.slice(whole.length);
  }
  // What may stand behind it are comments of licences.
  rest = rest.replace(/export\{([^}]*)\};?(\s*(?:\/\*[^]*\*\/)?)$/, (_, names: string, comments: string) => {
    const pairs = names.split(",").filter((name) => name !== "").map((name) =>
      name.split(" as ").toReversed().join(":")
    );
    return `return{${pairs.join(",")}};${comments}`;
  });
  rest = rest.replaceAll(/import\("\.\/([^"]+)"\)/g, (_, name: string) => {
    loads.push(name);
    return `AIRLOCK_part("${name}")`;
  }).replaceAll("import.meta.url", "AIRLOCK_url");
  const code = head + rest;
  // Whatever has been overlooked is a syntax error in a function.
  new AsyncFunction("AIRLOCK_part", "AIRLOCK_url", code);
  return { code, loads };
}

function reached(from: string, parts: ReadonlyMap<string, Part>, found = new Set<string>()): Set<string> {
  if (found.has(from)) return found;
  found.add(from);
  for (const name of parts.get(from)!.loads) reached(name, parts, found);
  return found;
}

if (import.meta.main) {
  const made = await bundle();
  for (const [name, parts] of Object.entries(made)) {
    const file = inRepository(`dist/${name}.json`);
    const text = `${JSON.stringify(parts, null, 1)}\n`;
    if (!Deno.args.includes("--check")) Deno.writeTextFileSync(file, text);
    else if (Deno.readTextFileSync(file) !== text) {
      console.error(`dist/${name}.json is not what its sources make: run \`deno task bundle\``);
      Deno.exit(1);
    }
  }
}
