/**
 * `wasi:sockets/tcp-create-socket`:
 * {@link https://github.com/WebAssembly/wasi-sockets/blob/v0.2.3/wit/tcp-create-socket.wit}
 *
 * @module
 */
import type { Reach } from "../network/reach.ts";
import { attempt } from "./error_code.ts";
import { TcpSocket } from "./tcp_socket.ts";
import type { IpAddressFamily } from "./types.ts";

/**
 * `create-tcp-socket: func(address-family: ip-address-family) -> result<tcp-socket, error-code>`
 *
 * @param reach The guest's way out.
 */
export function createTcpSocket(reach: () => Reach): (addressFamily: IpAddressFamily) => TcpSocket {
  return (addressFamily) => attempt(() => new TcpSocket(reach(), addressFamily));
}
