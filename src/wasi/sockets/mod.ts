/**
 * `wasi:sockets` as import objects.
 *
 * @module
 */
import type { Checked } from "../checked.ts";
import type { HostInterface } from "../imports.ts";
import type { Reach } from "../network/reach.ts";
import { networkErrorCode } from "./error_code.ts";
import { IncomingDatagramStream } from "./incoming_datagram_stream.ts";
import { instanceNetwork, Network } from "./network.ts";
import { OutgoingDatagramStream } from "./outgoing_datagram_stream.ts";
import { resolveAddresses, ResolveAddressStream } from "./resolve_address_stream.ts";
import { createTcpSocket } from "./tcp_create_socket.ts";
import { TcpSocket } from "./tcp_socket.ts";
import { createUdpSocket } from "./udp_create_socket.ts";
import { UdpSocket } from "./udp_socket.ts";

type NetworkModule = typeof import("@bytecodealliance/preview2-shim/interfaces/wasi-sockets-network");
type InstanceNetwork =
  typeof import("@bytecodealliance/preview2-shim/interfaces/wasi-sockets-instance-network");
type IpNameLookup = typeof import("@bytecodealliance/preview2-shim/interfaces/wasi-sockets-ip-name-lookup");
type Tcp = typeof import("@bytecodealliance/preview2-shim/interfaces/wasi-sockets-tcp");
type TcpCreateSocket =
  typeof import("@bytecodealliance/preview2-shim/interfaces/wasi-sockets-tcp-create-socket");
type Udp = typeof import("@bytecodealliance/preview2-shim/interfaces/wasi-sockets-udp");
type UdpCreateSocket =
  typeof import("@bytecodealliance/preview2-shim/interfaces/wasi-sockets-udp-create-socket");

/**
 * The interfaces of `wasi:sockets` by name.
 *
 * @param reach The guest's way out; asked for when the guest first uses it.
 */
export function socketsInterfaces(reach: () => Reach): Readonly<Record<string, HostInterface>> {
  return {
    // The published types are older than network-error-code.
    "network": { ...{ Network } satisfies Checked<NetworkModule>, networkErrorCode },
    "instance-network": { instanceNetwork } satisfies Checked<InstanceNetwork>,
    "ip-name-lookup": { ResolveAddressStream, resolveAddresses: resolveAddresses(reach) } satisfies Checked<
      IpNameLookup
    >,
    "tcp": { TcpSocket } satisfies Checked<Tcp>,
    "tcp-create-socket": { createTcpSocket: createTcpSocket(reach) } satisfies Checked<TcpCreateSocket>,
    "udp": { UdpSocket, IncomingDatagramStream, OutgoingDatagramStream } satisfies Checked<Udp>,
    "udp-create-socket": { createUdpSocket: createUdpSocket(reach) } satisfies Checked<UdpCreateSocket>,
  };
}
