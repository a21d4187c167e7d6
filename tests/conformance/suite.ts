/**
 * Where the test scripts are, and which of their assertions are known to fail.
 *
 * @module
 */
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import type { Verdict } from "./run.ts";

const VARIABLE = "AIRLOCK_SUITE_COMPONENT_MODEL";
const DEFAULT = new URL("../../../shared/suites/component-model/", import.meta.url);
const EXPECTED = new URL("./expected_failures.txt", import.meta.url);

/** Folders of the suite that are run. */
export const FOLDERS = ["binary", "values", "resources", "linking", "validation"] as const;
/** Folders that are not run yet, and why. */
export const NOT_YET = [["async", "WASI 0.3's async is not supported yet"]] as const;

/** One script. */
export interface Script {
  /** `folder/name.wast`. */
  readonly path: string;
  readonly folder: string;
  readonly source: () => string;
}

/** All scripts, or why there are none. */
export function findScripts(): readonly Script[] | { readonly skipped: string } {
  const given = Deno.env.get(VARIABLE);
  const root = given ? pathToFileURL(resolve(given) + "/") : DEFAULT;
  const scripts: Script[] = [];
  try {
    for (const folder of FOLDERS) {
      for (const { name } of Deno.readDirSync(new URL(`${folder}/`, root))) {
        if (!name.endsWith(".wast")) continue;
        const file = new URL(`${folder}/${name}`, root);
        scripts.push({ path: `${folder}/${name}`, folder, source: () => Deno.readTextFileSync(file) });
      }
    }
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    return {
      skipped:
        `no test scripts in ${root.pathname}: set ${VARIABLE} to the folder \`test\` of a checkout of ` +
        "https://github.com/WebAssembly/component-model",
    };
  }
  return scripts.sort((a, b) => a.path < b.path ? -1 : 1);
}

/** One line of the list of known failures: a place, or a range of lines, and the reason. */
export interface Expected {
  readonly path: string;
  readonly from: number;
  readonly to: number;
  readonly reason: string;
}

/** Reads the list of known failures. */
export function readExpected(text: string = Deno.readTextFileSync(EXPECTED)): Expected[] {
  return text.split("\n").filter((line) => line !== "" && !line.startsWith("#")).map((line) => {
    const found = /^(\S+\.wast):(\d+)(?:-(\d+))? (.+)$/.exec(line);
    if (!found) throw new SyntaxError(`expected_failures.txt: not \`path:line reason\`: ${line}`);
    const [, path, from, to, reason] = found;
    return { path: path!, from: Number(from), to: Number(to ?? from), reason: reason! };
  });
}

/** What is wrong with a script's verdicts, given what is known to fail: each entry one problem. */
export function problems(
  path: string,
  verdicts: readonly Verdict[],
  expected: readonly Expected[],
): string[] {
  const listed = expected.filter((e) => e.path === path);
  const covers = (e: Expected, v: Verdict) => e.from <= v.line && v.line <= e.to;
  const found: string[] = [];
  for (const verdict of verdicts) {
    const known = listed.find((e) => covers(e, verdict));
    const place = `${path}:${verdict.line}`;
    if (verdict.status === "failed" && !known) found.push(`${place} ${verdict.kind}: ${verdict.why}`);
    if (verdict.status !== "failed" && known) {
      found.push(`${place} ${verdict.kind}: listed as failing (${known.reason}), but it does not; strike it`);
    }
  }
  for (const entry of listed) {
    if (!verdicts.some((v) => covers(entry, v))) {
      found.push(`${path}:${entry.from}: listed as failing (${entry.reason}), but there is nothing there`);
    }
  }
  return found;
}
