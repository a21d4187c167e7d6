/**
 * `wasi:sockets/udp-create-socket`:
 * {@link https://github.com/WebAssembly/wasi-sockets/blob/v0.2.3/wit/udp-create-socket.wit}
 *
 * @module
 */
import type { Reach } from "../network/reach.ts";
import { attempt } from "./error_code.ts";
import type { IpAddressFamily } from "./types.ts";
import { UdpSocket } from "./udp_socket.ts";

/**
 * `create-udp-socket: func(address-family: ip-address-family) -> result<udp-socket, error-code>`
 *
 * @param reach The guest's way out.
 */
export function createUdpSocket(reach: () => Reach): (addressFamily: IpAddressFamily) => UdpSocket {
  return (addressFamily) => attempt(() => new UdpSocket(reach(), addressFamily));
}
