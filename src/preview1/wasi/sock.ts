/**
 * `sock_*`: {@link https://github.com/WebAssembly/WASI/blob/main/legacy/preview1/docs.md#sock_accept}
 *
 * Preview 1 cannot make sockets: it works on those that a host has opened beforehand, and no declaration opens any. So
 * every descriptor that there is, is none.
 *
 * @module
 */
import type { Work } from "./enter.ts";
import { Failure } from "./failure.ts";
import { areKnown, FDFLAGS, RIFLAGS, SDFLAGS } from "./flags.ts";
import type { Guest } from "./guest.ts";

/** `badf` for a number that is not open, `notsock` for any other. */
export function sock(guest: Guest): Record<string, Work> {
  const none = (func: string, fd: number, flags: number, known: number): never => {
    guest.need("sockets", "wasi:sockets", func);
    guest.table.get(fd);
    throw new Failure(areKnown(flags, known) ? "notsock" : "inval");
  };
  return {
    sock_accept: (fd: number, flags: number) => none("sock_accept", fd, flags, FDFLAGS),
    sock_recv(fd: number, iovs: number, count: number, flags: number) {
      guest.vectors.read(iovs, count, "sock_recv");
      return none("sock_recv", fd, flags, RIFLAGS);
    },
    sock_send(fd: number, iovs: number, count: number, flags: number) {
      guest.vectors.read(iovs, count, "sock_send");
      // `siflags` has no bits yet.
      return none("sock_send", fd, flags, 0);
    },
    sock_shutdown: (fd: number, how: number) => none("sock_shutdown", fd, how, SDFLAGS),
  };
}
