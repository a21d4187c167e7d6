/**
 * Where a compiled program begins. `deno task bundle` puts it among the parts of the command line.
 *
 * @module
 */
import { Program, ROLE, type Role } from "../compile/program.ts";
import { report } from "./exit_code.ts";

/** What a process does that the program has started itself. */
const ROLES: Readonly<Record<Role, (program: Program, word: string) => Promise<number>>> = {
  async launch(_, order) {
    const { launchGuest } = await import("../compile/launch.ts");
    launchGuest(order);
    return 0;
  },
  async "guest-channel"(program) {
    const { serveChannel } = await import("../compartment/child.ts");
    return await serveChannel((spec) => program.prepare(spec));
  },
  async "guest-run"(program) {
    const { runJob } = await import("./guest.ts");
    return await runJob((spec) => program.prepare(spec));
  },
};

/**
 * Runs a compiled program.
 *
 * @param manifest The text of its manifest.
 * @param home The folder that holds that.
 * @returns The exit code.
 */
export async function main(manifest: string, home: string): Promise<number> {
  try {
    const program = new Program(manifest, home);
    const [first, ...rest] = Deno.args;
    const role = first?.startsWith(ROLE) ? first.slice(ROLE.length) : undefined;
    if (role !== undefined && Object.hasOwn(ROLES, role)) {
      return await ROLES[role as Role](program, rest[0] ?? "");
    }
    const { command } = await import("./compiled.ts");
    return await command(program, Deno.args);
  } catch (error) {
    return report(error);
  }
}
