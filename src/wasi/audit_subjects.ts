/**
 * What the calls of host functions are about: files, hosts, variables, in the guest's own terms.
 *
 * @module
 */
import type { Outcome } from "../component/mod.ts";
import type { Grant } from "../grant/grant.ts";
import { hostText, type Ip, ipOf, lineAllowing, mayReachName, unmapped } from "../grant/network.ts";
import { Descriptor } from "./filesystem/descriptor.ts";
import type { DescriptorFlags, OpenFlags } from "./filesystem/types.ts";
import { parseAuthority } from "./http/authority.ts";
import { OutgoingRequest } from "./http/outgoing_request.ts";
import { transportOf } from "./http/target.ts";
import type { IpSocketAddress, OutgoingDatagram } from "./sockets/types.ts";

/** What one call is about. */
export interface Subject {
  readonly target?: string;
  readonly mount?: string;
  readonly access?: "read" | "write";
  readonly address?: string;
  /** The line that would allow it, where the link has refused it by this code. */
  readonly allowing?: (code: string | undefined) => string | undefined;
}

/** What is known beside the call itself. */
export interface Context {
  readonly grant: Grant;
  /** Whether a wall has refused. */
  readonly refused: boolean;
  /** The names that led the guest to an address. */
  readonly namesOf: (ip: Ip) => readonly string[];
}

type Args = readonly unknown[];
/** `undefined`: whoever watches the network tells of it. */
type Look = (args: Args, outcome: Outcome, context: Context) => readonly Subject[] | undefined;
type Access = "read" | "write";

/** By interface and function. A function that is not here is about nothing but itself. */
export const LOOKS: Readonly<Record<string, Look>> = {
  "wasi:cli/environment#get-environment": (_args, _outcome, { grant }) =>
    grant.env.map(([target]) => ({ target })),

  ...descriptor("open-at", opened),
  ...descriptor("stat-at", path("read", 2)),
  ...descriptor("metadata-hash-at", path("read", 2)),
  ...descriptor("readlink-at", path("read", 1)),
  ...descriptor("create-directory-at", path("write", 1)),
  ...descriptor("remove-directory-at", path("write", 1)),
  ...descriptor("unlink-file-at", path("write", 1)),
  ...descriptor("symlink-at", path("write", 2)),
  ...descriptor("set-times-at", path("write", 2)),
  ...descriptor("rename-at", (args) => [at(args[0], args[1], "write"), at(args[2], args[3], "write")]),
  ...descriptor("link-at", (args) => [at(args[0], args[2], "write"), at(args[3], args[4], "write")]),
  ...descriptor("stat", itself("read")),
  ...descriptor("metadata-hash", itself("read")),
  ...descriptor("read-directory", itself("read")),
  ...descriptor("set-times", itself("write")),
  ...descriptor("set-size", itself("write")),
  ...descriptor("write-via-stream", itself("write")),
  ...descriptor("append-via-stream", itself("write")),
  ...descriptor("write", itself("write")),

  // Connections and lookups tell of themselves once they get through (`Watcher`); here they tell where they do not.
  "wasi:sockets/tcp#[method]tcp-socket.start-connect": refusedOnly((args, context) =>
    socket("tcp", args[2] as IpSocketAddress, context)
  ),
  "wasi:sockets/tcp#[method]tcp-socket.finish-connect": () => undefined,
  "wasi:sockets/ip-name-lookup#[method]resolve-address-stream.resolve-next-address": () => undefined,
  "wasi:sockets/tcp#[method]tcp-socket.start-bind": (args, outcome, context) =>
    bound("tcp", args, outcome, context),
  "wasi:sockets/tcp#[method]tcp-socket.start-listen": (args, outcome, context) =>
    happened(outcome, context) ? remembered(args[0]) : [],
  "wasi:sockets/tcp#[method]tcp-socket.finish-bind": refusedOnly((args) => remembered(args[0])[0]),
  "wasi:sockets/udp#[method]udp-socket.start-bind": (args, outcome, context) =>
    bound("udp", args, outcome, context),
  "wasi:sockets/udp#[method]udp-socket.finish-bind": refusedOnly((args) => remembered(args[0])[0]),
  "wasi:sockets/udp#[method]udp-socket.stream": (args, outcome, context) =>
    args[1] === undefined || !happened(outcome, context)
      ? []
      : [socket("udp", args[1] as IpSocketAddress, context)],
  "wasi:sockets/udp#[method]outgoing-datagram-stream.send": datagrams,
  "wippy:runtime/funcs#call-string": entry,
  "wippy:runtime/funcs#call-bytes": entry,

  "wasi:http/outgoing-handler#handle": refusedOnly((args, { grant }) =>
    request(args[0] as OutgoingRequest, grant)
  ),
};

/** The entry that is called. Without a namespace, an id is of the one that calls. */
function entry([target]: Args, _outcome: Outcome, { grant }: Context): Subject[] {
  const id = String(target);
  return [{ target: id.includes(":") ? id : `${grant.holder.split(":")[0]}:${id}` }];
}

function descriptor(method: string, look: Look): Record<string, Look> {
  return { [`wasi:filesystem/types#[method]descriptor.${method}`]: look };
}

function path(access: Access, index: number): Look {
  return (args) => [at(args[0], args[index], access)];
}

function itself(access: Access): Look {
  return (args) => [at(args[0], undefined, access)];
}

/** A link on the way is expanded in what was opened; where nothing was, there is but what was asked for. */
function opened(args: Args, outcome: Outcome): Subject[] {
  const [self, , text, open, flags] = args as [Descriptor, unknown, string, OpenFlags, DescriptorFlags];
  const write = open.create || open.truncate || flags.write || flags.mutateDirectory;
  const access = write ? "write" : "read";
  return [outcome.tag === "returned" ? at(outcome.value, undefined, access) : at(self, text, access)];
}

/** @param text Below the descriptor, as the guest writes it; `undefined`: the descriptor itself. */
function at(self: unknown, text: unknown, access: Access): Subject {
  const place = Descriptor.placeOf(self as Descriptor);
  if (place === undefined) return {};
  const { mount } = place;
  const target = typeof text === "string" ? joined(place.path, text) : place.path;
  return {
    target,
    mount,
    access,
    allowing: (code) =>
      code === "read-only" ? `wasi.mounts: [{guest: ${JSON.stringify(mount)}, read_only: false}]` : undefined,
  };
}

/** `.` and doubled slashes say nothing; `..`, and an absolute path, are kept: they are what the guest is refused for. */
function joined(base: string, text: string): string {
  if (text.startsWith("/")) return text;
  // What is cut off later need not be looked at.
  const names = text.slice(0, 1000).split("/").filter((name) => name !== "" && name !== ".");
  return names.reduce((path, name) => `${path === "/" ? "" : path}/${name}`, base);
}

/** What sockets were bound to: told again where that is refused later, and where they listen. */
const bindings = new WeakMap<object, Subject>();

function remembered(socket: unknown): Subject[] {
  const subject = bindings.get(socket as object);
  return subject === undefined ? [] : [subject];
}

/** To bind to a port of the system's choice is no more than connecting takes; listening there is. */
function bound(scheme: "tcp" | "udp", args: Args, outcome: Outcome, context: Context): Subject[] {
  if (!happened(outcome, context)) return [];
  const { ip, port } = addressOf(args[2] as IpSocketAddress);
  const target = `${scheme}://${hostText(ip)}:${port}`;
  const { network } = context.grant;
  const subject: Subject = {
    target,
    allowing: () =>
      network?.rules === undefined ? "wasi.network.private: true" : `wasi.network.allow: ["${target}"]`,
  };
  if (outcome.tag === "returned") bindings.set(args[0] as object, subject);
  return port === 0 ? [] : [subject];
}

/** Those that were sent; the first, where none was. */
function datagrams(args: Args, outcome: Outcome, context: Context): Subject[] {
  if (!happened(outcome, context)) return [];
  const all = args[1] as readonly OutgoingDatagram[];
  const sent = outcome.tag === "returned" ? Number(outcome.value) : 1;
  return all.slice(0, sent).flatMap(({ remoteAddress }) =>
    remoteAddress === undefined ? [] : [socket("udp", remoteAddress, context)]
  );
}

/** A host that sockets talk to: by the name that it was looked up from, where rules name that. */
function socket(
  scheme: "tcp" | "udp",
  to: IpSocketAddress,
  { grant: { network }, namesOf }: Context,
): Subject {
  const { ip, port } = addressOf(to);
  const name = namesOf(ip).find((name) => mayReachName(network, [scheme], name, port));
  const host = name ?? ip;
  return {
    target: `${scheme}://${hostText(host)}:${port}`,
    ...name !== undefined && { address: hostText(ip).replace(/^\[|\]$/g, "") },
    allowing: () => lineAllowing(network, { scheme, host, port, ...name !== undefined && { address: ip } }),
  };
}

function addressOf({ val }: IpSocketAddress): { readonly ip: Ip; readonly port: number } {
  return { ip: unmapped(ipOf(val.address)), port: val.port };
}

function request(request: OutgoingRequest, { network }: Grant): Subject {
  const scheme = transportOf(request.scheme());
  const authority = parseAuthority(request.authority() ?? "");
  if (scheme === undefined || authority === undefined) return {};
  const { host, port = scheme === "http" ? 80 : 443 } = authority;
  return {
    target: `${scheme}://${hostText(host)}:${port}`,
    allowing: () => lineAllowing(network, { scheme, host, port }),
  };
}

/** A socket that was in the wrong state, or an address that is none, reaches nobody. */
function happened(outcome: Outcome, { refused }: Context): boolean {
  return outcome.tag === "returned" || refused;
}

function refusedOnly(look: (args: Args, context: Context) => Subject | undefined): Look {
  return (args, _outcome, context) => {
    if (!context.refused) return [];
    const subject = look(args, context);
    return subject === undefined ? [] : [subject];
  };
}
