/** What a guest uses and what is refused to it, as events: the hosts are real, the guest is a test. */
import assert from "node:assert/strict";
import { type NetworkRule, networkRule } from "../../src/config/network_rule.ts";
import { CapabilityError } from "../../src/grant/error.ts";
import type { Grant } from "../../src/grant/grant.ts";
import { Audit, type AuditEvent } from "../../src/wasi/audit.ts";
import { observed } from "../../src/component/link/observe.ts";
import { denial, wallBehind, wallOf } from "../../src/wasi/denial.ts";
import { NetworkError, networkError } from "../../src/wasi/network/error.ts";
import { release, WASI_VERSION } from "../../src/wasi/mod.ts";
import { watchedWasi } from "../../src/wasi/wasi.ts";
import { ALL, grantOf } from "./support.ts";

type Call = (...args: unknown[]) => unknown;

/** A guest that is observed: its functions by WIT name, and what was told of it. */
class Guest implements Disposable {
  readonly events: AuditEvent[] = [];
  readonly audit: Audit;
  readonly #imports: ReturnType<typeof watchedWasi>;

  constructor(more: Partial<Grant>) {
    const grant = grantOf(ALL, more);
    this.audit = new Audit(grant, (event) => this.events.push(event));
    this.#imports = watchedWasi(grant, {}, this.audit);
  }

  /** As the engine links it: of a method, the object is the first argument. */
  func(interfaceName: string, name: string): Call {
    const host = this.#imports[`${interfaceName}@${WASI_VERSION}`] as Record<string, Call>;
    const camel = (text: string) => text.replace(/-(\w)/g, (_, c: string) => c.toUpperCase());
    const method = /^\[method\][\w-]+\.(.*)$/.exec(name)?.[1];
    const f: Call = method === undefined
      ? (...args) => host[camel(name)]!(...args)
      : (self, ...args) => (self as Record<string, Call>)[camel(method)]!(...args);
    const observer = this.audit.observe(`${interfaceName}@0.2.3`, name)!;
    return observed({ callee: { form: "call" }, f, suspends: false }, observer).f as Call;
  }

  /** The same; what it throws is of no interest. */
  attempt(interfaceName: string, name: string): Call {
    const f = this.func(interfaceName, name);
    return (...args) => {
      try {
        return f(...args);
      } catch {
        return undefined;
      }
    };
  }

  /** Events about something, without the function. */
  get told(): Omit<AuditEvent, "interface" | "function">[] {
    return this.events.filter(({ target }) => target !== undefined).map(
      ({ interface: _, function: __, ...rest }) => rest,
    );
  }

  [Symbol.dispose](): void {
    release(this.#imports);
  }
}

function rules(...texts: string[]): readonly NetworkRule[] {
  return texts.map((text) => networkRule(text) as NetworkRule);
}

const FILES = "wasi:filesystem/types";

Deno.test("files: the mount, the path in the guest, what for; and whether it was refused", async () => {
  const host = await Deno.makeTempDir();
  await Deno.writeTextFile(`${host}/a`, "");
  await Deno.mkdir(`${host}/sub`);
  await Deno.symlink("sub", `${host}/link`);
  try {
    using guest = new Guest({
      mounts: [{ guest: "/data", host, readOnly: true }, {
        guest: "/out",
        host: `${host}/sub`,
        readOnly: false,
      }],
    });
    const directories = guest.func("wasi:filesystem/preopens", "get-directories")() as [unknown, string][];
    assert.deepEqual(guest.told, [], "a mount that is shown is not a mount that is used");
    const [data, out] = directories.map(([descriptor]) => descriptor);
    const open = guest.attempt(FILES, "[method]descriptor.open-at");
    open(data, {}, "./a", {}, { read: true });
    open(data, { symlinkFollow: true }, "link", { directory: true }, { read: true });
    open(data, {}, "a", {}, { write: true });
    open(data, {}, "../../etc/passwd", {}, { read: true });
    open(data, {}, "/etc/passwd", {}, { read: true });
    open(data, {}, "none", {}, { read: true });
    open(out, {}, "new", { create: true }, { write: true });
    guest.attempt(FILES, "[method]descriptor.rename-at")(out, "new", out, "newer");
    const read = { mount: "/data", access: "read" }, link = { outcome: "refused", wall: "link" };
    assert.deepEqual(guest.told, [
      { target: "/data/a", ...read, outcome: "used" },
      { target: "/data/sub", ...read, outcome: "used" },
      {
        target: "/data/a",
        mount: "/data",
        access: "write",
        ...link,
        code: "read-only",
        allow: 'wasi.mounts: [{guest: "/data", read_only: false}]',
      },
      { target: "/data/../../etc/passwd", ...read, ...link, code: "not-permitted" },
      { target: "/etc/passwd", ...read, ...link, code: "not-permitted" },
      { target: "/data/none", ...read, outcome: "used" },
      { target: "/out/new", mount: "/out", access: "write", outcome: "used" },
      { target: "/out/new", mount: "/out", access: "write", outcome: "used" },
      { target: "/out/newer", mount: "/out", access: "write", outcome: "used" },
    ]);
  } finally {
    await Deno.remove(host, { recursive: true });
  }
});

Deno.test("a path is as long as a guest likes, and what is told of it is not", async () => {
  const host = await Deno.makeTempDir();
  using guest = new Guest({ mounts: [{ guest: "/data", host, readOnly: true }] });
  const [[data]] = guest.func("wasi:filesystem/preopens", "get-directories")() as [[unknown, string]];
  guest.attempt(FILES, "[method]descriptor.open-at")(data, {}, "x".repeat(1 << 20), {}, { read: true });
  assert.ok(JSON.stringify(guest.events).length < 2000);
  await Deno.remove(host);
});

Deno.test("variables: all that are given are used by whoever asks for them", () => {
  using guest = new Guest({ env: [["A", "secret"], ["B", "2"]] });
  const get = guest.func("wasi:cli/environment", "get-environment");
  assert.deepEqual(guest.events, []);
  get();
  assert.deepEqual(guest.told, [{ target: "A", outcome: "used" }, { target: "B", outcome: "used" }]);
  assert.doesNotMatch(JSON.stringify(guest.events), /secret/);
});

Deno.test("an undeclared interface is a refusal by the link", () => {
  using guest = new Guest({});
  const missing = guest.audit.missing((asked) =>
    new CapabilityError({ asked, allowed: [], wall: "link", hint: "no" })
  );
  assert.ok(missing("wasi:x/y@1.0.0", "z") instanceof CapabilityError);
  assert.deepEqual(guest.events, [
    { interface: "wasi:x/y@1.0.0", function: "z", outcome: "refused", wall: "link" },
  ]);
});

/** Waits for something that is told a moment later. */
async function until(done: () => boolean): Promise<void> {
  for (let tries = 0; tries < 500 && !done(); tries++) await new Promise((wake) => setTimeout(wake, 10));
  assert.ok(done());
}

function ipv4(port: number, last = 1) {
  return { tag: "ipv4", val: { port, address: [127, 0, 0, last] } };
}

const TCP = "wasi:sockets/tcp";

Deno.test("sockets: hosts by the name that they were looked up from, or by address; what is refused says the line", async () => {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr;
  using guest = new Guest({ network: { rules: rules(`tcp://localhost:${port}`), private: true } });
  const network = {};
  const create = guest.func("wasi:sockets/tcp-create-socket", "create-tcp-socket");
  const connect = guest.attempt(TCP, "[method]tcp-socket.start-connect");
  connect(create("ipv4"), network, ipv4(port));
  const stream = guest.func("wasi:sockets/ip-name-lookup", "resolve-addresses")(network, "localhost");
  assert.ok(stream);
  await until(() =>
    guest.told.some(({ target, address }) => target === "localhost" && address === "127.0.0.1")
  );
  connect(create("ipv4"), network, ipv4(port));
  await until(() => guest.told.some(({ target }) => target === `tcp://localhost:${port}`));
  connect(create("ipv4"), network, ipv4(0));
  guest.func("wasi:sockets/ip-name-lookup", "resolve-addresses")(network, "example.com");
  await until(() => guest.told.some(({ target }) => target === "example.com"));
  const ours = guest.told.filter(({ address }) => address !== "::1");
  assert.deepEqual(ours, [
    {
      target: `tcp://127.0.0.1:${port}`,
      outcome: "refused",
      wall: "link",
      code: "access-denied",
      allow: `wasi.network.allow: ["tcp://127.0.0.1:${port}"]`,
    },
    { target: "localhost", address: "127.0.0.1", outcome: "used" },
    { target: `tcp://localhost:${port}`, address: "127.0.0.1", outcome: "used" },
    {
      target: "example.com",
      outcome: "refused",
      wall: "link",
      code: "denied",
      allow: 'wasi.network.allow: ["tcp://example.com"]',
    },
  ]);
});

Deno.test("binding: to a port of the guest's choice; listening too where the system chose", async () => {
  using guest = new Guest({ network: { rules: rules("tcp://127.0.0.1:0"), private: false } });
  const socket = guest.func("wasi:sockets/tcp-create-socket", "create-tcp-socket")("ipv4");
  const bind = guest.attempt(TCP, "[method]tcp-socket.start-bind");
  bind(socket, {}, ipv4(1, 2));
  bind(socket, {}, ipv4(0));
  const finish = guest.attempt(TCP, "[method]tcp-socket.finish-bind");
  const listen = guest.attempt(TCP, "[method]tcp-socket.start-listen");
  await until(() => {
    finish(socket);
    listen(socket);
    return guest.told.length > 1;
  });
  assert.deepEqual(guest.told, [
    {
      target: "tcp://127.0.0.2:1",
      outcome: "refused",
      wall: "link",
      code: "access-denied",
      allow: 'wasi.network.allow: ["tcp://127.0.0.2:1"]',
    },
    { target: "tcp://127.0.0.1:0", outcome: "used" },
  ]);
});

/** Errors of the host, and the wall that they speak of. */
for (
  const [title, error, wall] of [
    ["Deno's refusal", new Deno.errors.NotCapable("x"), "deno"],
    ["the kernel's EACCES", Object.assign(new Error("x"), { code: "EACCES" }), "os"],
    ["the kernel's EPERM", Object.assign(new Error("x"), { code: "EPERM" }), "os"],
    ["PermissionDenied", new Deno.errors.PermissionDenied("x"), "os"],
    [
      "a lookup outside Deno's scope",
      Object.assign(new Error("x"), { code: "EPERM", syscall: "getaddrinfo" }),
      "deno",
    ],
    ["our own question to Deno", new NetworkError("not-capable", "x"), "deno"],
    [
      "a connection that Landlock refuses",
      networkError(Object.assign(new Error("x"), { code: "EACCES" })),
      "os",
    ],
    ["a file that is not there", new Deno.errors.NotFound("x"), undefined],
    ["a rule", new NetworkError("denied", "x"), undefined],
  ] as const
) {
  Deno.test(`the wall behind ${title} is ${wall ?? "none but the link"}`, () => {
    assert.equal(wallBehind(error), wall);
    const told = denial(new Error("told"), error);
    assert.equal(wallOf(told), wall);
    assert.equal(wallOf(new Error("another of the same moment")), undefined);
  });
}
