/**
 * The system call filter of this thread, and of what it starts.
 *
 * @see https://docs.kernel.org/userspace-api/seccomp_filter.html
 *
 * @module
 */
import { type Kernel, SystemCallError } from "./libc.ts";

const SECCOMP_SET_MODE_FILTER = 1;

/**
 * Installs a filter. It must have `no_new_privs` set, and cannot be taken off again.
 *
 * @param kernel The kernel.
 * @param program What `assemble` made.
 * @returns Why the kernel has no filters, if it has none.
 */
export function install(kernel: Kernel, program: ArrayBuffer): string | undefined {
  // struct sock_fprog: a length in instructions, and where they are.
  const filter = new DataView(new ArrayBuffer(16));
  filter.setUint16(0, program.byteLength / 8, true);
  filter.setBigUint64(8, kernel.pin(program), true);
  try {
    kernel.call("seccomp", SECCOMP_SET_MODE_FILTER, 0, filter.buffer);
    return undefined;
  } catch (error) {
    if (!(error instanceof SystemCallError)) throw error;
    if (error.code === "ENOSYS" || error.code === "EINVAL") return "this kernel has no system call filters";
    if (error.code === "EPERM" || error.code === "EACCES") return "another fence forbids system call filters";
    throw error;
  }
}
