/** Landlock rules: what is asked of which kernel. */
import assert from "node:assert/strict";
import { type Confinement, SandboxError } from "../../src/sandbox/confinement.ts";
import { handledBy, restrict } from "../../src/sandbox/landlock.ts";
import { type Argument, type Kernel, SystemCallError } from "../../src/sandbox/libc.ts";
import type { Syscall } from "../../src/sandbox/syscalls.ts";
import { NOTHING } from "./support.ts";

const EXECUTE = 1n, WRITE_FILE = 2n, READ_FILE = 4n, READ_DIR = 8n;
const MAKE_CHAR = 1n << 6n, MAKE_SOCK = 1n << 9n, MAKE_FIFO = 1n << 10n, MAKE_BLOCK = 1n << 11n;
const REFER = 1n << 13n, TRUNCATE = 1n << 14n, IOCTL_DEV = 1n << 15n;

interface Rule {
  readonly type: number;
  readonly rights: bigint;
  /** The path, or the port. */
  readonly on: string | number;
}

/** A kernel that has Landlock of some version, and remembers what it was asked. */
class FakeKernel implements Kernel {
  readonly arch = "x86_64";
  readonly rules: Rule[] = [];
  attributes: bigint[] = [];
  restricted = false;
  readonly open = new Map<number, string>();
  readonly #abi: number;
  readonly #files: Readonly<Record<string, "file" | "directory" | "link">>;

  constructor(abi: number, files: Readonly<Record<string, "file" | "directory" | "link">> = {}) {
    this.#abi = abi;
    this.#files = files;
  }

  pin = () => 0n;

  call(name: Syscall, ...args: readonly Argument[]): number {
    switch (name) {
      case "landlock_create_ruleset":
        return this.#create(args);
      case "landlock_add_rule":
        return this.#add(args);
      case "landlock_restrict_self":
        this.restricted = true;
        return 0;
      case "openat2":
        return this.#openPath(new TextDecoder().decode(args[1] as ArrayBuffer).slice(0, -1));
      case "close":
        this.open.delete(args[0] as number);
        return 0;
      default:
        return assert.fail(name);
    }
  }

  #create([attributes, size, flags]: readonly Argument[]): number {
    if (this.#abi === 0) throw new SystemCallError("landlock_create_ruleset", 38);
    if (this.#abi < 0) throw new SystemCallError("landlock_create_ruleset", 95);
    if (flags === 1) return this.#abi;
    // Fields that a kernel does not know must not be passed.
    assert.equal(size, this.#abi >= 6 ? 24 : this.#abi >= 4 ? 16 : 8);
    this.attributes = [...new BigUint64Array(attributes as ArrayBuffer)];
    this.open.set(3, "ruleset");
    return 3;
  }

  #openPath(path: string): number {
    const kind = this.#files[path];
    if (kind === undefined) throw new SystemCallError("openat2", 2);
    if (kind === "link") throw new SystemCallError("openat2", 40);
    const file = 10 + this.open.size;
    this.open.set(file, path);
    return file;
  }

  #add([ruleset, type, memory]: readonly Argument[]): number {
    assert.equal(this.open.get(ruleset as number), "ruleset");
    const rule = new DataView(memory as ArrayBuffer);
    const rights = rule.getBigUint64(0, true);
    const handled = this.attributes[type === 1 ? 0 : 1]!;
    if ((rights & ~handled) !== 0n || rights === 0n) throw new SystemCallError("landlock_add_rule", 22);
    if (type === 2) {
      this.rules.push({ type, rights, on: Number(rule.getBigUint64(8, true)) });
      return 0;
    }
    const path = this.open.get(rule.getInt32(8, true))!;
    const ofFiles = EXECUTE | WRITE_FILE | READ_FILE | TRUNCATE | IOCTL_DEV;
    if (this.#files[path] === "file" && (rights & ~ofFiles) !== 0n) {
      throw new SystemCallError("landlock_add_rule", 22);
    }
    this.rules.push({ type: type as number, rights, on: path });
    return 0;
  }
}

const FILES = {
  "/dir": "directory",
  "/file": "file",
  "/program": "file",
  "/rw": "directory",
  "/rw-file": "file",
  "/link": "link",
} as const;
const CONFINEMENT: Confinement = {
  ...NOTHING,
  read: ["/dir", "/file"],
  readWrite: ["/rw", "/rw-file"],
  execute: ["/program"],
  tcpConnect: [{ from: 443, to: 443 }, { from: 8000, to: 8002 }],
  tcpBind: [{ from: 8002, to: 8003 }],
};

Deno.test("each version of Landlock is asked for what it has, and the rest is reported", () => {
  const rows = [
    [1, 13, 0, 0, ["truncate", "tcp-ports", "devices", "signals", "abstract-sockets"]],
    [2, 14, 0, 0, ["truncate", "tcp-ports", "devices", "signals", "abstract-sockets"]],
    [3, 15, 0, 0, ["tcp-ports", "devices", "signals", "abstract-sockets"]],
    [4, 15, 2, 0, ["devices", "signals", "abstract-sockets"]],
    [5, 16, 2, 0, ["signals", "abstract-sockets"]],
    [6, 16, 2, 2, []],
    [7, 16, 2, 2, []],
    [8, 16, 2, 2, []],
  ] as const;
  for (const [abi, fs, net, scoped, missing] of rows) {
    const kernel = new FakeKernel(abi, FILES);
    const { raised, unavailable } = restrict(kernel, CONFINEMENT);
    const all = (bits: number) => (1n << BigInt(bits)) - 1n;
    const expected = [all(fs), all(net), all(scoped)];
    assert.deepEqual(kernel.attributes, expected, `version ${abi}`);
    assert.deepEqual(unavailable.map(({ measure }) => measure), missing);
    assert.equal(raised.length + missing.length, 6);
    assert.ok(kernel.restricted);
    assert.equal(kernel.open.size, 0, "nothing stays open");
  }
});

Deno.test("without Landlock nothing is restricted, and the reason is given", () => {
  for (const [abi, reason] of [[0, /5\.13/], [-1, /switched off/]] as const) {
    const kernel = new FakeKernel(abi);
    const { raised, unavailable } = restrict(kernel, CONFINEMENT);
    assert.deepEqual(raised, []);
    assert.equal(unavailable.length, 6);
    for (const it of unavailable) assert.match(it.reason, reason);
    assert.ok(!kernel.restricted);
  }
});

Deno.test("files get rights that files have, directories the others too", () => {
  const kernel = new FakeKernel(7, FILES);
  restrict(kernel, CONFINEMENT);
  const rights = (path: string) => kernel.rules.find(({ on }) => on === path)!.rights;
  assert.equal(rights("/dir"), READ_FILE | READ_DIR);
  assert.equal(rights("/file"), READ_FILE);
  assert.equal(rights("/program"), EXECUTE | READ_FILE);
  assert.equal(rights("/rw-file"), READ_FILE | WRITE_FILE | TRUNCATE);
  const never = MAKE_CHAR | MAKE_BLOCK | MAKE_FIFO | MAKE_SOCK | IOCTL_DEV | EXECUTE;
  const every = (1n << 16n) - 1n;
  assert.equal(rights("/rw"), every & ~never);
  assert.ok((rights("/rw") & REFER) !== 0n);
});

Deno.test("ports become one rule each, with the rights of all ranges that name them", () => {
  const kernel = new FakeKernel(7, FILES);
  restrict(kernel, CONFINEMENT);
  const BIND = 1n, CONNECT = 2n;
  assert.deepEqual(kernel.rules.filter(({ type }) => type === 2).map(({ on, rights }) => [on, rights]), [
    [8002, BIND | CONNECT],
    [8003, BIND],
    [443, CONNECT],
    [8000, CONNECT],
    [8001, CONNECT],
  ]);
});

Deno.test("what is not restricted is not handled", () => {
  const net = (part: Partial<Confinement>) => handledBy(7, { ...NOTHING, ...part }).net;
  assert.equal(net({}), 3n);
  assert.equal(net({ tcpConnect: "any" }), 1n);
  assert.equal(net({ tcpBind: "any" }), 2n);
  assert.equal(net({ tcpConnect: [{ from: 0, to: 65535 }], tcpBind: [{ from: 1, to: 65535 }] }), 0n);
  assert.equal(net({ tcpConnect: [{ from: 0, to: 65534 }] }), 3n);
});

Deno.test("a path that leads through a link ends it all, before anything is restricted", () => {
  const kernel = new FakeKernel(7, FILES);
  assert.throws(() => restrict(kernel, { ...NOTHING, read: ["/dir", "/link"] }), SandboxError);
  assert.ok(!kernel.restricted);
  assert.equal(kernel.open.size, 0, "nothing stays open");
});

Deno.test("a path that is not there is skipped and named", () => {
  const kernel = new FakeKernel(7, FILES);
  const { missing } = restrict(kernel, { ...NOTHING, read: ["/dir", "/gone"], execute: ["/lost"] });
  assert.deepEqual(missing, ["/gone", "/lost"]);
  assert.deepEqual(kernel.rules.map(({ on }) => on), ["/dir"]);
});
