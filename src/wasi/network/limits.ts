/**
 * How much of the network one guest may hold at once.
 *
 * @module
 */

/** Bounds for one guest. */
export interface NetworkLimits {
  /** Sockets open at once: connections, listeners, UDP sockets; lookups that are under way count too. */
  readonly sockets: number;
  /** Addresses that are remembered with the name that led to them; the oldest is forgotten first. */
  readonly rememberedNames: number;
  /** Received datagrams that wait in one socket for the guest. */
  readonly datagrams: number;
  /** Bytes of the datagrams that wait in one socket. */
  readonly datagramBytes: number;
  /** Bytes of all names and values of one set of HTTP fields. */
  readonly headerBytes: number;
  /** Names and values in one set of HTTP fields. */
  readonly headerCount: number;
  /** Bytes of one HTTP body that wait to be taken. */
  readonly bodyBytes: number;
}

/** What a guest may hold where nothing else is said. */
export const NETWORK_LIMITS: NetworkLimits = Object.freeze({
  // A process often has no more than 1,024 files; one guest leaves most of them to the others.
  sockets: 256,
  // Four addresses for each socket.
  rememberedNames: 1024,
  // What kernels keep for a socket by default (212,992 bytes on Linux), and no flood of empty ones.
  datagrams: 256,
  datagramBytes: 262_144,
  // Servers accept 8 to 16 KiB; wasmtime allows this much.
  headerBytes: 131_072,
  headerCount: 1024,
  // Four pieces as large as sockets give them. With room for one, a guest reads half as fast (measured).
  bodyBytes: 262_144,
});
