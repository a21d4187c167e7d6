/** Runs the table in processes that are started as guests' are: what holds JavaScript that has broken out of its guest. */
import assert from "node:assert/strict";
import { GRANT_OPTIONS, grantOfOptions } from "../../src/cli/grant_options.ts";
import { parseOptions } from "../../src/cli/options.ts";
import type { GuestSpec } from "../../src/compartment/spec.ts";
import { confinementFor, denoArguments, guestProgram, QUIET } from "../../src/compartment/start.ts";
import { looksUpNames, runtimeVariables, spawn } from "../../src/sandbox/mod.ts";
import { pathOf } from "../guests/run.ts";
import { inRepository } from "../support/airlock.ts";
import type { Result } from "./child.ts";
import { optionsOf } from "./link.ts";
import { child, type Kind, runWorlds } from "./table.ts";
import type { LivingWorld } from "./world.ts";

/** Deno's flags alone, exactly those of the grant; the kernel's rules alone, likewise; or both: all but the link. */
export type GuestWall = "flags" | "rules" | "compartment";

/** The results of both worlds. */
export function runCompartment(wall: GuestWall): Promise<Result[]> {
  return runWorlds((kind, living) => start(wall, kind, living));
}

/** In the process of a guest, with this script in the place of the program that runs guests. */
async function start(
  wall: GuestWall,
  kind: Kind,
  { directory, world }: LivingWorld,
): Promise<Deno.ChildProcess> {
  const script = `${directory}/child.js`;
  await bundle(child, script);
  const spec = specOf("race", optionsOf(kind, world));
  const own = denoArguments(spec, "channel");
  assert.deepEqual(own.slice(-2), [guestProgram(), "channel"]);
  const flags = wall === "rules" ? ["run", ...QUIET, "--allow-all"] : own.slice(0, -2);
  const args = [...flags, script, kind, JSON.stringify(world)];
  const env = runtimeVariables();
  const pipes = { stdin: "null", stdout: "piped", stderr: "piped" } as const;
  if (wall === "flags") {
    return new Deno.Command(Deno.execPath(), { args, env, clearEnv: true, ...pipes }).spawn();
  }
  const start = { sources: [script, spec.file], names: looksUpNames(spec.grant) };
  return spawn({ confinement: await confinementFor(spec), start, args, env, ...pipes });
}

/** A guest as `exec` is told of it. */
export function specOf(guest: string, options: readonly string[]): GuestSpec {
  const file = inRepository(pathOf(guest));
  const { values } = parseOptions(options, GRANT_OPTIONS);
  return {
    ...{ file, hash: undefined, method: undefined, program: guest, strict: false, where: undefined },
    ...{ maxMemoryBytes: undefined, grant: grantOfOptions(file, values) },
  };
}

/** One file of a script and what it imports, as guests' program is one: a scope has no sources. */
async function bundle(script: string, to: string): Promise<void> {
  const args = ["bundle", "--quiet", "--no-lock", "--platform", "deno", "-o", to, script];
  const { success, stderr } = await new Deno.Command(Deno.execPath(), { args, stdin: "null" }).output();
  assert.ok(success, new TextDecoder().decode(stderr));
}
