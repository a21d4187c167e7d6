/**
 * Becoming another program: same process id, same standard streams, and its exit code is ours.
 *
 * @module
 */
import { type Argument, cString, type Kernel } from "./libc.ts";
import { closeOnExec } from "./privileges.ts";
import { SandboxError } from "./confinement.ts";

/** A program to become. */
export interface Program {
  /** Its file, absolute. */
  readonly path: string;
  /** Its arguments, the first being its name. */
  readonly args: readonly string[];
  /** Its variables; nothing of this process's own is added. */
  readonly env: Readonly<Record<string, string>>;
}

/**
 * `execve`. Other threads of this process end; open files other than the standard streams are closed.
 *
 * @param kernel The kernel.
 * @param program What to become.
 * @param pass What the call carries in registers that it does not use.
 * @throws {SandboxError} If it does not become that program. It never returns otherwise.
 */
export function exec(kernel: Kernel, { path, args, env }: Program, pass: readonly Argument[] = []): never {
  // Linux 5.11; Landlock is younger. Deno opens everything so that it is closed, but not what it was started with.
  if (!closeOnExec(kernel)) {
    throw new SandboxError("this kernel cannot close the files that must not be inherited");
  }
  const words = args.map(cString);
  const variables = Object.entries(env).map(([name, value]) => cString(`${name}=${value}`));
  try {
    kernel.call("execve", cString(path), vector(kernel, words), vector(kernel, variables), ...pass);
  } catch (error) {
    throw new SandboxError(`${path} cannot be executed`, { cause: error });
  }
  throw new SandboxError(`${path} was executed, and yet here we are`);
}

/** Addresses of texts, with a null at their end. */
function vector(kernel: Kernel, texts: readonly ArrayBuffer[]): ArrayBuffer {
  return new BigUint64Array([...texts.map((text) => kernel.pin(text)), 0n]).buffer;
}
