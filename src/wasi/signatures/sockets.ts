/**
 * The functions of `wasi:sockets`, as `signatures.ts` describes.
 *
 * @see https://github.com/WebAssembly/wasi-sockets
 * @module
 */

const IPV4_ADDRESS = "tuple<u8, u8, u8, u8>";
const IPV6_ADDRESS = "tuple<u16, u16, u16, u16, u16, u16, u16, u16>";
const IP_ADDRESS = `variant { ipv4(${IPV4_ADDRESS}), ipv6(${IPV6_ADDRESS}) }`;
const IP_SOCKET_ADDRESS =
  `variant { ipv4(record { port: u16, address: ${IPV4_ADDRESS} }), ipv6(record { port: u16, flow-info: u32, address: ${IPV6_ADDRESS}, scope-id: u32 }) }`;
const IP_ADDRESS_FAMILY = "enum { ipv4, ipv6 }";
const ERROR_CODE =
  "enum { unknown, access-denied, not-supported, invalid-argument, out-of-memory, timeout, concurrency-conflict, not-in-progress, would-block, invalid-state, new-socket-limit, address-not-bindable, address-in-use, remote-unreachable, connection-refused, connection-reset, connection-aborted, datagram-too-large, name-unresolvable, temporary-resolver-failure, permanent-resolver-failure }";

/** Signatures by interface and function. */
export const SOCKETS_SIGNATURES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  "wasi:sockets/network": {
    "network-error-code": `func(err: borrow<error>) -> option<${ERROR_CODE}>`,
  },
  "wasi:sockets/instance-network": {
    "instance-network": "func() -> network",
  },
  "wasi:sockets/ip-name-lookup": {
    "[method]resolve-address-stream.resolve-next-address":
      `func(self: borrow<resolve-address-stream>) -> result<option<${IP_ADDRESS}>, ${ERROR_CODE}>`,
    "[method]resolve-address-stream.subscribe": "func(self: borrow<resolve-address-stream>) -> pollable",
    "resolve-addresses":
      `func(network: borrow<network>, name: string) -> result<resolve-address-stream, ${ERROR_CODE}>`,
  },
  "wasi:sockets/tcp": {
    "[method]tcp-socket.start-bind":
      `func(self: borrow<tcp-socket>, network: borrow<network>, local-address: ${IP_SOCKET_ADDRESS}) -> result<_, ${ERROR_CODE}>`,
    "[method]tcp-socket.finish-bind": `func(self: borrow<tcp-socket>) -> result<_, ${ERROR_CODE}>`,
    "[method]tcp-socket.start-connect":
      `func(self: borrow<tcp-socket>, network: borrow<network>, remote-address: ${IP_SOCKET_ADDRESS}) -> result<_, ${ERROR_CODE}>`,
    "[method]tcp-socket.finish-connect":
      `func(self: borrow<tcp-socket>) -> result<tuple<input-stream, output-stream>, ${ERROR_CODE}>`,
    "[method]tcp-socket.start-listen": `func(self: borrow<tcp-socket>) -> result<_, ${ERROR_CODE}>`,
    "[method]tcp-socket.finish-listen": `func(self: borrow<tcp-socket>) -> result<_, ${ERROR_CODE}>`,
    "[method]tcp-socket.accept":
      `func(self: borrow<tcp-socket>) -> result<tuple<tcp-socket, input-stream, output-stream>, ${ERROR_CODE}>`,
    "[method]tcp-socket.local-address":
      `func(self: borrow<tcp-socket>) -> result<${IP_SOCKET_ADDRESS}, ${ERROR_CODE}>`,
    "[method]tcp-socket.remote-address":
      `func(self: borrow<tcp-socket>) -> result<${IP_SOCKET_ADDRESS}, ${ERROR_CODE}>`,
    "[method]tcp-socket.is-listening": "func(self: borrow<tcp-socket>) -> bool",
    "[method]tcp-socket.address-family": `func(self: borrow<tcp-socket>) -> ${IP_ADDRESS_FAMILY}`,
    "[method]tcp-socket.set-listen-backlog-size":
      `func(self: borrow<tcp-socket>, value: u64) -> result<_, ${ERROR_CODE}>`,
    "[method]tcp-socket.keep-alive-enabled": `func(self: borrow<tcp-socket>) -> result<bool, ${ERROR_CODE}>`,
    "[method]tcp-socket.set-keep-alive-enabled":
      `func(self: borrow<tcp-socket>, value: bool) -> result<_, ${ERROR_CODE}>`,
    "[method]tcp-socket.keep-alive-idle-time": `func(self: borrow<tcp-socket>) -> result<u64, ${ERROR_CODE}>`,
    "[method]tcp-socket.set-keep-alive-idle-time":
      `func(self: borrow<tcp-socket>, value: u64) -> result<_, ${ERROR_CODE}>`,
    "[method]tcp-socket.keep-alive-interval": `func(self: borrow<tcp-socket>) -> result<u64, ${ERROR_CODE}>`,
    "[method]tcp-socket.set-keep-alive-interval":
      `func(self: borrow<tcp-socket>, value: u64) -> result<_, ${ERROR_CODE}>`,
    "[method]tcp-socket.keep-alive-count": `func(self: borrow<tcp-socket>) -> result<u32, ${ERROR_CODE}>`,
    "[method]tcp-socket.set-keep-alive-count":
      `func(self: borrow<tcp-socket>, value: u32) -> result<_, ${ERROR_CODE}>`,
    "[method]tcp-socket.hop-limit": `func(self: borrow<tcp-socket>) -> result<u8, ${ERROR_CODE}>`,
    "[method]tcp-socket.set-hop-limit":
      `func(self: borrow<tcp-socket>, value: u8) -> result<_, ${ERROR_CODE}>`,
    "[method]tcp-socket.receive-buffer-size": `func(self: borrow<tcp-socket>) -> result<u64, ${ERROR_CODE}>`,
    "[method]tcp-socket.set-receive-buffer-size":
      `func(self: borrow<tcp-socket>, value: u64) -> result<_, ${ERROR_CODE}>`,
    "[method]tcp-socket.send-buffer-size": `func(self: borrow<tcp-socket>) -> result<u64, ${ERROR_CODE}>`,
    "[method]tcp-socket.set-send-buffer-size":
      `func(self: borrow<tcp-socket>, value: u64) -> result<_, ${ERROR_CODE}>`,
    "[method]tcp-socket.subscribe": "func(self: borrow<tcp-socket>) -> pollable",
    "[method]tcp-socket.shutdown":
      `func(self: borrow<tcp-socket>, shutdown-type: enum { receive, send, both }) -> result<_, ${ERROR_CODE}>`,
  },
  "wasi:sockets/tcp-create-socket": {
    "create-tcp-socket": `func(address-family: ${IP_ADDRESS_FAMILY}) -> result<tcp-socket, ${ERROR_CODE}>`,
  },
  "wasi:sockets/udp": {
    "[method]udp-socket.start-bind":
      `func(self: borrow<udp-socket>, network: borrow<network>, local-address: ${IP_SOCKET_ADDRESS}) -> result<_, ${ERROR_CODE}>`,
    "[method]udp-socket.finish-bind": `func(self: borrow<udp-socket>) -> result<_, ${ERROR_CODE}>`,
    "[method]udp-socket.stream":
      `func(self: borrow<udp-socket>, remote-address: option<${IP_SOCKET_ADDRESS}>) -> result<tuple<incoming-datagram-stream, outgoing-datagram-stream>, ${ERROR_CODE}>`,
    "[method]udp-socket.local-address":
      `func(self: borrow<udp-socket>) -> result<${IP_SOCKET_ADDRESS}, ${ERROR_CODE}>`,
    "[method]udp-socket.remote-address":
      `func(self: borrow<udp-socket>) -> result<${IP_SOCKET_ADDRESS}, ${ERROR_CODE}>`,
    "[method]udp-socket.address-family": `func(self: borrow<udp-socket>) -> ${IP_ADDRESS_FAMILY}`,
    "[method]udp-socket.unicast-hop-limit": `func(self: borrow<udp-socket>) -> result<u8, ${ERROR_CODE}>`,
    "[method]udp-socket.set-unicast-hop-limit":
      `func(self: borrow<udp-socket>, value: u8) -> result<_, ${ERROR_CODE}>`,
    "[method]udp-socket.receive-buffer-size": `func(self: borrow<udp-socket>) -> result<u64, ${ERROR_CODE}>`,
    "[method]udp-socket.set-receive-buffer-size":
      `func(self: borrow<udp-socket>, value: u64) -> result<_, ${ERROR_CODE}>`,
    "[method]udp-socket.send-buffer-size": `func(self: borrow<udp-socket>) -> result<u64, ${ERROR_CODE}>`,
    "[method]udp-socket.set-send-buffer-size":
      `func(self: borrow<udp-socket>, value: u64) -> result<_, ${ERROR_CODE}>`,
    "[method]udp-socket.subscribe": "func(self: borrow<udp-socket>) -> pollable",
    "[method]incoming-datagram-stream.receive":
      `func(self: borrow<incoming-datagram-stream>, max-results: u64) -> result<list<record { data: list<u8>, remote-address: ${IP_SOCKET_ADDRESS} }>, ${ERROR_CODE}>`,
    "[method]incoming-datagram-stream.subscribe": "func(self: borrow<incoming-datagram-stream>) -> pollable",
    "[method]outgoing-datagram-stream.check-send":
      `func(self: borrow<outgoing-datagram-stream>) -> result<u64, ${ERROR_CODE}>`,
    "[method]outgoing-datagram-stream.send":
      `func(self: borrow<outgoing-datagram-stream>, datagrams: list<record { data: list<u8>, remote-address: option<${IP_SOCKET_ADDRESS}> }>) -> result<u64, ${ERROR_CODE}>`,
    "[method]outgoing-datagram-stream.subscribe": "func(self: borrow<outgoing-datagram-stream>) -> pollable",
  },
  "wasi:sockets/udp-create-socket": {
    "create-udp-socket": `func(address-family: ${IP_ADDRESS_FAMILY}) -> result<udp-socket, ${ERROR_CODE}>`,
  },
};
