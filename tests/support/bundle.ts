/**
 * The programs of Airlock, in parts that are evaluated when they are first needed: `deno run tests/support/bundle.ts`
 * writes them to dist/, with `--check` it says whether those there are what the sources make.
 *
 * `src/RATIONALE.md` tells why: "Why do the programs run a bundle, and evaluate it?"
 */
import config from "../../deno.json" with { type: "json" };
import { inRepository } from "./airlock.ts";
import { eager } from "./eager.ts";
import { relative, walk } from "./tree.ts";

const imports: Readonly<Record<string, string>> = config.imports;

/** Where the programs begin: the command line, a compiled program, a guest's process. */
const PROGRAMS = ["cli/command_main", "cli/compiled_main", "cli/guest_main"];

/** What the command line needs for `run` and `exec` until it has become the guest's process. */
const COMMAND = [
  "cli/command_main",
  "cli/run",
  "cli/exec",
  "compartment/become",
  "sandbox/mod",
  "sandbox/rules",
];

/** What the guest's process needs for a component that uses no network. */
const GUEST = [
  ...["cli/guest_main", "cli/guest", "compartment/guest", "wasi/assemble", "wasi/hosts"],
  ...["wasi/cli/mod", "wasi/clocks/mod", "wasi/random/mod", "wasi/filesystem/mod"],
];

/** Packages that few need, and that are larger than everything else together: loaded from where packages are. */
const OUTSIDE: readonly string[] = ["wabt"];

const AsyncFunction = (async () => {}).constructor as FunctionConstructor;

/** Functions by name of part: what `dist/load.js` evaluates. */
export type Parts = Readonly<Record<string, string>>;

/**
 * The files, by name: as modules, what starting a command needs, and a guest beside it; as texts, what starting a guest
 * needs in a process of its own, and whatever else there is.
 */
export async function bundle(): Promise<Readonly<Record<string, string>>> {
  const directory = await Deno.makeTempDir();
  try {
    const { code, stderr } = await new Deno.Command(Deno.execPath(), {
      args: [
        ...["bundle", "--quiet", "--no-lock", "--minify", "--code-splitting", "--platform", "deno"],
        ...OUTSIDE.flatMap((name) => ["--external", name]),
        ...["--outdir", directory],
        ...new Set([...PROGRAMS, ...COMMAND, ...GUEST].map((name) => `src/${name}.ts`)),
      ],
      cwd: inRepository(""),
    }).output();
    if (code !== 0) throw new Error(new TextDecoder().decode(stderr));
    const names = [...walk(directory)].map((file) => relative(directory, file)).sort();
    const parts = new Map(
      names.map((name) => [name, part(name, Deno.readTextFileSync(`${directory}/${name}`))]),
    );
    const first = (roots: readonly string[]) => {
      const found = new Set<string>();
      for (const root of roots) closure(`${root}.js`, parts, found);
      return found;
    };
    const ofCommand = first(COMMAND), ofGuest = first(GUEST);
    const take = (wanted: (name: string) => boolean) =>
      Object.fromEntries(
        [...parts].filter(([name]) => wanted(name)).map(([name, { code }]) => [name, code]),
      );
    return {
      "command.js": moduleText(take((name) => ofCommand.has(name))),
      "inline.js": moduleText(take((name) => ofGuest.has(name) && !ofCommand.has(name))),
      "guest.json": jsonText(take((name) => ofGuest.has(name))),
      "more.json": jsonText(take((name) => !ofGuest.has(name))),
      "guest.js": guestText(Deno.readTextFileSync(inRepository("dist/load.js"))),
    };
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
}

interface Part {
  readonly code: string;
  /** Names of the parts that are evaluated before it. */
  readonly imports: readonly string[];
}

/** A module that the bundler wrote → the body of an asynchronous function that returns its exports. */
function part(name: string, text: string): Part {
  let rest = text.trimEnd();
  let head = "";
  const before: string[] = [];
  const nameOf = (path: string) => new URL(path, `file:///${name}`).pathname.slice(1);
  for (;;) {
    const found = /^import(?:\{([^}]*)\}from|\*as ([\w$]+) from|([\w$]+) from)?"([^"]+)";?\n?/.exec(rest);
    if (!found) break;
    const [whole, names, all, standard, from] = found;
    const module = from!.startsWith(".")
      ? `await AIRLOCK_part("${nameOf(from!)}")`
      : `await import("${from}")`;
    if (from!.startsWith(".")) before.push(nameOf(from!));
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
  rest = rest.replaceAll(/import\("(\.[^"]+)"\)/g, (_, path: string) => `AIRLOCK_part("${nameOf(path)}")`)
    .replaceAll("import.meta.url", "AIRLOCK_url");
  // The names of deno.json mean something where that is read; these mean the same everywhere.
  for (const one of OUTSIDE) rest = rest.replaceAll(`import("${one}")`, `import("${imports[one]}")`);
  const code = head + rest;
  // Whatever has been overlooked is a syntax error in a function.
  new AsyncFunction("AIRLOCK_part", "AIRLOCK_url", code);
  return { code, imports: before };
}

function jsonText(parts: Parts): string {
  return `${JSON.stringify(parts, null, 1)}\n`;
}

/** The program of guests' processes. It holds what loads the parts, since a module more is two milliseconds more. */
function guestText(load: string): string {
  return `// The program of guests' processes. Made by \`deno task bundle\`.
import text from "./guest.json" with { type: "text" };

${load.replace("export function", "function")}
const more = () => import("./more.json", { with: { type: "text" } });

await load(text, new URL("..", import.meta.url).href, [more])("cli/guest_main.js");
`;
}

/** A module whose functions are compiled with it, so that what Deno keeps of it between two starts has them all. */
function moduleText(parts: Parts): string {
  const functions = Object.entries(parts).map(([name, code]) =>
    `${JSON.stringify(name)}:(async function(AIRLOCK_part,AIRLOCK_url){${eager(code)}})`
  );
  return `// Made by \`deno task bundle\`.\nexport default{\n${functions.join(",\n")}\n};\n`;
}

function closure(from: string, parts: ReadonlyMap<string, Part>, found: Set<string>): void {
  if (found.has(from)) return;
  found.add(from);
  for (const name of parts.get(from)!.imports) closure(name, parts, found);
}

if (import.meta.main) {
  const made = await bundle();
  for (const [name, text] of Object.entries(made)) {
    const file = inRepository(`dist/${name}`);
    if (!Deno.args.includes("--check")) Deno.writeTextFileSync(file, text);
    else if (Deno.readTextFileSync(file) !== text) {
      console.error(`dist/${name} is not what its sources make: run \`deno task bundle\``);
      Deno.exit(1);
    }
  }
}
