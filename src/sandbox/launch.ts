/**
 * The program between a host and its confined child: it is started as the child, confines itself, and becomes the child.
 *
 * So the host needs no native code, the child has a fence of its own that nothing shares with it, its standard streams and
 * its process id are those that the host knows, and the host's threads stay as they are.
 *
 * @module
 */
import { confine } from "./confine.ts";
import { SandboxError } from "./confinement.ts";
import { CHILD_VARIABLE, LAUNCH_FAILED, type Order } from "./launch_order.ts";
import { runtimePaths } from "./runtime_paths.ts";

/**
 * Carries an order out. If it is to tell what would hold, it returns; otherwise this process becomes another, or says on
 * standard error why not and exits with {@linkcode LAUNCH_FAILED}.
 *
 * @param text The order, an {@linkcode Order} in JSON.
 * @param variables The child's variables; by default those that this process was given for it.
 */
export function launch(
  text: string,
  variables: () => Readonly<Record<string, string>> = childVariables,
): void {
  try {
    carryOut(JSON.parse(text), variables);
  } catch (error) {
    if (!(error instanceof SandboxError)) throw error;
    const cause = error.cause instanceof Error ? `: ${error.cause.message}` : "";
    console.error(`airlock: the OS wall cannot be raised: ${error.message}${cause}`);
    Deno.exit(LAUNCH_FAILED);
  }
}

function carryOut(
  { confinement, start, program, life, whole }: Order,
  variables: () => Readonly<Record<string, string>>,
): void {
  const needs = start === undefined ? { read: [], execute: [] } : runtimePaths(start);
  const read = [...needs.read, ...confinement.read], execute = [...needs.execute, ...confinement.execute];
  const { report, exec } = confine({ ...confinement, read, execute }, life);
  if (program === undefined) {
    console.log(JSON.stringify(report));
    return;
  }
  if (whole && report.unavailable.length > 0) {
    const missing = report.unavailable.map(({ measure, reason }) => `${measure} (${reason})`);
    throw new SandboxError(`the kernel does not hold ${missing.join(", ")}`);
  }
  exec({ ...program, env: variables() });
}

/** They are not in the order, which anybody on this machine can read. */
function childVariables(): Record<string, string> {
  const ours = Object.entries(Deno.env.toObject()).filter(([name]) => name.startsWith(CHILD_VARIABLE));
  return Object.fromEntries(ours.map(([name, value]) => [name.slice(CHILD_VARIABLE.length), value]));
}

if (import.meta.main) launch(Deno.args[0]!);
