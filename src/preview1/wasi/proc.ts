/**
 * `proc_*` and `sched_yield`: {@link https://github.com/WebAssembly/WASI/blob/main/legacy/preview1/docs.md#proc_exit}
 *
 * @module
 */
import { ExitError } from "../../wasi/cli/exit.ts";
import { turn } from "../../wasi/io/turn.ts";
import type { Work } from "./enter.ts";
import { Errno } from "./errno.ts";
import type { Guest } from "./guest.ts";

/** The functions of the process itself. */
export function proc(guest: Guest): Record<string, Work> {
  return {
    /** The exit code of a process has eight bits: `exit(-1)` is 255, as it is on every host. */
    proc_exit(code: number) {
      guest.need("cli", "wasi:cli", "proc_exit");
      guest.told?.used("wasi:cli/exit", "exit");
      throw new ExitError(code & 0xff);
    },
    /** There are no signals to raise. */
    proc_raise: () => Errno.notsup,
    /** Lets others run, as far as a loop of yields would keep them from it. */
    sched_yield: () => turn()?.then(() => Errno.success) ?? Errno.success,
  };
}
