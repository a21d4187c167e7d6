/**
 * Landlock: the kernel's own list of files and TCP ports that a thread, and all that it starts, may still use.
 *
 * Values are those of https://docs.kernel.org/userspace-api/landlock.html (`include/uapi/linux/landlock.h`).
 *
 * @module
 */
import { type Confinement, type Measure, type Ports, SandboxError, type Unavailable } from "./confinement.ts";
import { cString, type Kernel, SystemCallError } from "./libc.ts";

const READ_FILE = 1n << 2n, READ_DIR = 1n << 3n;
const EXECUTE = 1n << 0n, WRITE_FILE = 1n << 1n, TRUNCATE = 1n << 14n, IOCTL_DEV = 1n << 15n;
const REMOVE_DIR = 1n << 4n,
  REMOVE_FILE = 1n << 5n,
  MAKE_DIR = 1n << 7n,
  MAKE_REG = 1n << 8n,
  MAKE_SYM = 1n << 12n;
/** To link or rename between directories. Where it is not handled, nobody may. */
const REFER = 1n << 13n;
/** Everything of the first ABI: what is above, and making devices, sockets and pipes, which nobody here may. */
const FIRST = (1n << 13n) - 1n;
/** Rights that exist for a file; the others are refused as EINVAL where the rule is for one. */
const OF_FILES = EXECUTE | WRITE_FILE | READ_FILE | TRUNCATE | IOCTL_DEV;

const READ = READ_FILE | READ_DIR;
const CHANGE = READ | WRITE_FILE | TRUNCATE | REMOVE_DIR | REMOVE_FILE | MAKE_DIR | MAKE_REG | MAKE_SYM |
  REFER;

const BIND_TCP = 1n << 0n, CONNECT_TCP = 1n << 1n;
const SCOPE_ABSTRACT_SOCKETS = 1n << 0n, SCOPE_SIGNALS = 1n << 1n;

const RULE_PATH_BENEATH = 1, RULE_NET_PORT = 2;
const AT_FDCWD = -100, O_PATH = 0x20_0000, O_CLOEXEC = 0x8_0000, RESOLVE_NO_SYMLINKS = 4;

/** What of a confinement Landlock can hold on this kernel. */
export interface Landlocked {
  readonly raised: readonly Measure[];
  readonly unavailable: readonly Unavailable[];
  readonly missing: readonly string[];
  /** 0: none. */
  readonly abi: number;
}

/** What a ruleset handles: whatever is handled and not allowed by a rule is refused. */
export interface Handled {
  readonly fs: bigint;
  readonly net: bigint;
  readonly scoped: bigint;
}

/** What there is to handle, of what a confinement restricts, on a kernel of some ABI. */
export function handledBy(abi: number, { tcpBind, tcpConnect }: Confinement): Handled {
  let fs = FIRST;
  if (abi >= 2) fs |= REFER;
  if (abi >= 3) fs |= TRUNCATE;
  if (abi >= 5) fs |= IOCTL_DEV;
  let net = 0n;
  if (abi >= 4 && portsOf(tcpBind) !== undefined) net |= BIND_TCP;
  if (abi >= 4 && portsOf(tcpConnect) !== undefined) net |= CONNECT_TCP;
  return { fs, net, scoped: abi >= 6 ? SCOPE_ABSTRACT_SOCKETS | SCOPE_SIGNALS : 0n };
}

/**
 * The version of Landlock that the running kernel has.
 *
 * @returns Its number, or why there is none.
 */
export function landlockAbi(kernel: Kernel): number | string {
  try {
    return kernel.call("landlock_create_ruleset", 0, 0, 1);
  } catch (error) {
    if (!(error instanceof SystemCallError)) throw error;
    if (error.code === "ENOSYS") return "this kernel has no Landlock (Linux 5.13 brought it)";
    if (error.code === "EOPNOTSUPP") return "Landlock is switched off (lsm= at boot does not name it)";
    return `Landlock does not answer (${error.code}): another fence may forbid it`;
  }
}

/**
 * Restricts this thread, and what it starts from now on. It must have `no_new_privs` set.
 *
 * Nothing is logged by the kernel's audit once another program is executed, which is Landlock's own default: a runtime
 * looks for files that it can do without, and a guest must not be able to flood the host's log.
 *
 * @param kernel The kernel.
 * @param confinement What remains allowed.
 * @returns What holds.
 * @throws {SandboxError} If a path leads through a link, or a rule is refused.
 */
export function restrict(kernel: Kernel, confinement: Confinement): Landlocked {
  const abi = landlockAbi(kernel);
  if (typeof abi === "string") {
    const all: readonly Measure[] = [
      "files",
      "truncate",
      "devices",
      "tcp-ports",
      "signals",
      "abstract-sockets",
    ];
    const unavailable = all.map((measure) => ({ measure, reason: abi }));
    return { raised: [], unavailable, missing: [], abi: 0 };
  }
  const handled = handledBy(abi, confinement);
  const ruleset = createRuleset(kernel, abi, handled);
  try {
    const missing = addPaths(kernel, ruleset, handled, confinement);
    addPorts(kernel, ruleset, handled, confinement);
    kernel.call("landlock_restrict_self", ruleset, 0);
    return { ...held(abi), missing, abi };
  } finally {
    kernel.call("close", ruleset);
  }
}

function createRuleset(kernel: Kernel, abi: number, { fs, net, scoped }: Handled): number {
  // An older kernel refuses a structure that is longer than its own only if the rest is not zero: see copy_struct_from_user.
  const size = abi >= 6 ? 24 : abi >= 4 ? 16 : 8;
  return kernel.call("landlock_create_ruleset", new BigUint64Array([fs, net, scoped]).buffer, size, 0);
}

function addPaths(kernel: Kernel, ruleset: number, { fs }: Handled, confinement: Confinement): string[] {
  const missing: string[] = [];
  const groups = [
    [confinement.read, READ],
    [confinement.readWrite, CHANGE],
    [confinement.execute, EXECUTE | READ_FILE],
  ] as const;
  for (const [paths, rights] of groups) {
    for (const path of paths) {
      const file = openPath(kernel, path);
      if (file === undefined) {
        missing.push(path);
        continue;
      }
      try {
        addPath(kernel, ruleset, file, rights & fs);
      } catch (error) {
        throw new SandboxError(`no rule can be made for ${path}`, { cause: error });
      } finally {
        kernel.call("close", file);
      }
    }
  }
  return missing;
}

/** A reference to what is at a path; `undefined` if nothing is, or nothing that this user gets to. */
function openPath(kernel: Kernel, path: string): number | undefined {
  // struct open_how. Links are refused: what they lead to could be changed after the path was settled.
  const how = new BigUint64Array([BigInt(O_PATH | O_CLOEXEC), 0n, BigInt(RESOLVE_NO_SYMLINKS)]).buffer;
  try {
    return kernel.call("openat2", AT_FDCWD, cString(path), how, how.byteLength);
  } catch (error) {
    if (!(error instanceof SystemCallError)) throw error;
    if (["ENOENT", "ENOTDIR", "EACCES"].includes(error.code)) return undefined;
    const why = error.code === "ELOOP" ? "leads through a symbolic link" : `cannot be opened (${error.code})`;
    throw new SandboxError(`${path} ${why}`, { cause: error });
  }
}

function addPath(kernel: Kernel, ruleset: number, file: number, rights: bigint): void {
  try {
    add(rights);
  } catch (error) {
    // The kernel knows best whether it is a directory: asking first would leave a moment in between.
    if (!(error instanceof SystemCallError && error.code === "EINVAL")) throw error;
    add(rights & OF_FILES);
  }
  function add(allowed: bigint): void {
    // struct landlock_path_beneath_attr, packed.
    const rule = new DataView(new ArrayBuffer(12));
    rule.setBigUint64(0, allowed, true);
    rule.setInt32(8, file, true);
    kernel.call("landlock_add_rule", ruleset, RULE_PATH_BENEATH, rule.buffer, 0);
  }
}

function addPorts(kernel: Kernel, ruleset: number, { net }: Handled, confinement: Confinement): void {
  const allowed = new Map<number, bigint>();
  for (
    const [ports, right] of [[confinement.tcpBind, BIND_TCP], [confinement.tcpConnect, CONNECT_TCP]] as const
  ) {
    if ((net & right) === 0n) continue;
    for (const { from, to } of portsOf(ports)!) {
      for (let port = from; port <= to; port++) allowed.set(port, (allowed.get(port) ?? 0n) | right);
    }
  }
  for (const [port, rights] of allowed) {
    const rule = new BigUint64Array([rights, BigInt(port)]).buffer;
    kernel.call("landlock_add_rule", ruleset, RULE_NET_PORT, rule, 0);
  }
}

/** The ports that are left; `undefined`: all. */
function portsOf(ports: "any" | readonly Ports[]): readonly Ports[] | undefined {
  return ports === "any" || ports.some(({ from, to }) => from <= 1 && to >= 65535) ? undefined : ports;
}

/** What a kernel of some ABI holds, of what this room asks of Landlock. */
function held(abi: number): Pick<Landlocked, "raised" | "unavailable"> {
  const since = [
    ["files", 1],
    ["truncate", 3],
    ["tcp-ports", 4],
    ["devices", 5],
    ["signals", 6],
    ["abstract-sockets", 6],
  ] as const;
  return {
    raised: since.filter(([, needs]) => abi >= needs).map(([measure]) => measure),
    unavailable: since.filter(([, needs]) => abi < needs).map(([measure, needs]) => ({
      measure,
      reason: `this kernel's Landlock is version ${abi}; this came with version ${needs}`,
    })),
  };
}
