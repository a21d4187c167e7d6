/**
 * The records, variants and enums of `wasi:sockets`, in the JavaScript mapping:
 * {@link https://github.com/WebAssembly/wasi-sockets/blob/v0.2.3/wit/network.wit}
 *
 * @module
 */
export type {
  ErrorCode,
  IpAddress,
  IpAddressFamily,
  IpSocketAddress,
} from "@bytecodealliance/preview2-shim/interfaces/wasi-sockets-network";
export type { ShutdownType } from "@bytecodealliance/preview2-shim/interfaces/wasi-sockets-tcp";
export type {
  IncomingDatagram,
  OutgoingDatagram,
} from "@bytecodealliance/preview2-shim/interfaces/wasi-sockets-udp";
