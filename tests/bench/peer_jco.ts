/**
 * jco, on Node as it comes (`jco run`; what it transpiles, with the preview2-shim that it brings), and on Deno (what it
 * transpiles, with preview2-shim from the registry).
 */
import type { Host, Job, Program } from "./peer_hosts.ts";
import { file, output } from "./programs.ts";

const SHIM = "npm:@bytecodealliance/preview2-shim@0.21.0";
const CALCULATOR = file("../../examples/calculator/calculator.wasm");

/** Runs a transpiled guest on Deno. */
const MAIN = `
import { _setArgs } from "@bytecodealliance/preview2-shim/cli";
_setArgs(Deno.args);
const { run } = await import(\`./run/\${Deno.args[0]}/\${Deno.args[0]}.js\`);
run.run();
`;

/** What jco made of the guests, and the command lines that run it. */
export class Jco {
  readonly #version: string;
  readonly #node: string;
  readonly #deno: string;

  private constructor(version: string, node: string, deno: string) {
    this.#version = version;
    this.#node = node;
    this.#deno = deno;
  }

  /**
   * Transpiles the guests.
   *
   * @param directory Where to.
   */
  static async transpiled(directory: string): Promise<Jco | undefined> {
    const version = (await output(["jco", "--version"]))?.trim();
    if (version === undefined) return undefined;
    const node = `${directory}/node`, deno = `${directory}/deno`;
    const transpile = (module: string, out: string, ...options: string[]) =>
      output(["jco", "transpile", module, "-o", out, "--no-typescript", ...options]);
    for (const guest of ["peer-wasip2", "tcp", "http-client"]) {
      await transpile(file(`peers/${guest}.wasm`), `${deno}/run/${guest}`);
    }
    for (const out of [node, deno]) {
      const instantiation = ["--instantiation", "sync"];
      await transpile(file("peers/peer-wasip2.wasm"), `${out}/peer-wasip2`, ...instantiation);
      await transpile(CALCULATOR, `${out}/calculator`, ...instantiation);
      for (const script of ["asleep.mjs", "instances.mjs"]) {
        Deno.copyFileSync(file(`peers/${script}`), `${out}/${script}`);
      }
    }
    Deno.writeTextFileSync(`${deno}/main.js`, MAIN);
    Deno.writeTextFileSync(
      `${deno}/imports.json`,
      JSON.stringify({
        imports: { "@bytecodealliance/preview2-shim/": SHIM.replace("npm:", "npm:/") + "/" },
      }),
    );
    // Node imports what jco was installed with; Deno, which would too, has a directory without.
    Deno.writeTextFileSync(`${node}/package.json`, JSON.stringify({ type: "module" }));
    const program = (await output(["sh", "-c", "command -v jco"]))!.trim();
    const modules = new URL("../node_modules", `file://${Deno.realPathSync(program)}`).pathname;
    Deno.symlinkSync(modules, `${node}/node_modules`);
    return new Jco(version, node, deno);
  }

  /** The hosts of one guest in one process. */
  get hosts(): Host[] {
    return [{
      name: `jco ${this.#version}, Node`,
      command: (job) =>
        job.kind === "core"
          ? undefined
          : ["jco", "run", file(`peers/${job.guest}.wasm`), ...wordsOnHost(job)],
    }, {
      name: `jco ${this.#version}, Deno`,
      command: (job) =>
        job.kind === "core" ? undefined : this.#run("main.js", job.guest, ...wordsOnHost(job)),
    }];
  }

  /** The command lines of a script that holds many guests. */
  programs(script: string, ...words: string[]): Program[] {
    return [
      { host: `jco ${this.#version}, Node`, command: ["node", `${this.#node}/${script}`, ...words] },
      { host: `jco ${this.#version}, Deno`, command: this.#run(script, ...words) },
    ];
  }

  #run(script: string, ...words: string[]): string[] {
    const options = ["-A", "--no-config", `--import-map=${this.#deno}/imports.json`];
    return [Deno.execPath(), "run", ...options, `${this.#deno}/${script}`, ...words];
  }
}

/** preview2-shim shows its guests the whole machine where nobody says otherwise. */
function wordsOnHost({ words, data }: Job): string[] {
  return words.map((word) => data === undefined ? word : word.replace(/^\/data\//, `${data}/`));
}
