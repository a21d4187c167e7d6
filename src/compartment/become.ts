/**
 * `run` and `exec` need no supervisor: this process narrows itself and becomes the one that serves the guest. It keeps its
 * number, its standard streams, its signals and its exit code.
 *
 * @module
 */
import { mayRun } from "../sandbox/permitted.ts";
import { CompartmentError } from "./error.ts";
import { type Job, jobVariables } from "./job.ts";
import { confinementFor, guestArguments, insists, sourcesOf, startedProgram } from "./start.ts";
import { type GuestSpec, plainSpec } from "./spec.ts";

/** How it went, where this process did not become another. */
export interface Became {
  /** The exit code of the process that ran instead. */
  readonly code: number;
}

/**
 * Becomes the process of a guest. Where this process may not load native code, which that takes, or there is no Linux, a
 * child runs instead.
 *
 * @param spec The guest.
 * @param job What to do.
 * @param lacking Told, before anything runs, that the third wall or a part of it is not there, and why.
 * @returns Only if a child ran instead.
 * @throws {CompartmentError} If neither is possible.
 */
export async function become(
  spec: GuestSpec,
  job: Job,
  lacking: (reason: string) => void,
): Promise<Became> {
  const variables = jobVariables({ spec: plainSpec(spec), ...job });
  const args = guestArguments(spec, "run", Object.keys(variables));
  if (await mayNarrow()) return await narrow(spec, args, variables, lacking);
  if (mayRun(startedProgram())) return await runChild(spec, args, variables, lacking);
  throw new CompartmentError(
    `${spec.grant.holder} runs in a process of its own, because it asks for that or because this one may do more than ` +
      `it is granted, and this one may not start any: add --allow-run=${startedProgram()}`,
  );
}

async function mayNarrow(): Promise<boolean> {
  if (Deno.build.os !== "linux") return false;
  if (Deno.permissions.querySync({ name: "ffi" }).state !== "granted") return false;
  const { knowsItself } = await import("../sandbox/mod.ts");
  return knowsItself();
}

async function narrow(
  spec: GuestSpec,
  args: string[],
  variables: Record<string, string>,
  lacking: (reason: string) => void,
): Promise<never> {
  const { confine, looksUpNames, runtimePaths, runtimeVariables } = await import("../sandbox/mod.ts");
  const needs = runtimePaths({ sources: sourcesOf(spec), names: looksUpNames(spec.grant) });
  const own = await confinementFor(spec);
  const { report, exec } = confine({
    ...own,
    read: [...own.read, ...needs.read],
    execute: [...own.execute, ...needs.execute],
  });
  for (const { measure, reason } of report.unavailable) lacking(`the OS wall has no ${measure}: ${reason}`);
  if (spec.osRequired && report.unavailable.length > 0) throw new CompartmentError(insists(spec));
  const path = Deno.execPath();
  return exec({ path, args: [path, ...args], env: { ...runtimeVariables(), ...variables } });
}

async function runChild(
  spec: GuestSpec,
  args: string[],
  env: Record<string, string>,
  lacking: (reason: string) => void,
): Promise<Became> {
  const { startGuest } = await import("./start.ts");
  const child = await startGuest(spec, args, env, { lacking }, "inherit");
  return { code: (await child.status).code };
}
