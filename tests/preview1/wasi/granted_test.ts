/** What is not granted: the link refuses by name, and what every libc calls at start finds nothing. */
import assert from "node:assert/strict";
import { CapabilityError } from "../../../src/grant/error.ts";
import type { Package } from "../../../src/grant/grant.ts";
import { ALL_FUNCTIONS, box, Driver, mounted } from "./support.ts";

/** What each function does where nothing at all is granted: an errno, or the package that it names. */
const NOTHING: Readonly<Record<string, string>> = {
  args_get: "success",
  args_sizes_get: "success",
  environ_get: "success",
  environ_sizes_get: "success",
  fd_fdstat_get: "success",
  fd_filestat_get: "success",
  fd_fdstat_set_flags: "badf",
  fd_prestat_get: "badf",
  fd_prestat_dir_name: "notdir",
  fd_close: "success",
  fd_renumber: "badf",
  sched_yield: "success",
  proc_raise: "notsup",
  fd_seek: "spipe",
  fd_tell: "spipe",
  fd_pread: "spipe",
  fd_pwrite: "spipe",
  fd_advise: "badf",
  fd_allocate: "badf",
  fd_datasync: "badf",
  fd_sync: "badf",
  fd_readdir: "badf",
  fd_filestat_set_size: "badf",
  fd_filestat_set_times: "badf",
  fd_fdstat_set_rights: "notcapable",
  fd_read: "wasi:cli",
  fd_write: "wasi:cli",
  proc_exit: "wasi:cli",
  clock_res_get: "wasi:clocks",
  clock_time_get: "wasi:clocks",
  random_get: "wasi:random",
  poll_oneoff: "wasi:poll",
  sock_accept: "wasi:sockets",
  sock_recv: "wasi:sockets",
  sock_send: "wasi:sockets",
  sock_shutdown: "wasi:sockets",
  path_create_directory: "wasi:filesystem",
  path_filestat_get: "wasi:filesystem",
  path_filestat_set_times: "wasi:filesystem",
  path_link: "wasi:filesystem",
  path_open: "wasi:filesystem",
  path_readlink: "wasi:filesystem",
  path_remove_directory: "wasi:filesystem",
  path_rename: "wasi:filesystem",
  path_symlink: "wasi:filesystem",
  path_unlink_file: "wasi:filesystem",
};

/** Arguments that are harmless for every function: descriptor 0, or 1 to write to, and small numbers. */
function argumentsOf(name: string): (number | bigint)[] {
  // deno-fmt-ignore
  const all: Record<string, (number | bigint)[]> = {
    fd_write: [1, 64, 1, 8], fd_read: [0, 64, 1, 8], fd_pread: [0, 64, 1, 0n, 8], fd_pwrite: [1, 64, 1, 0n, 8],
    fd_prestat_get: [0, 8], fd_renumber: [0, 9], fd_seek: [0, 0n, 0, 8], fd_advise: [0, 0n, 0n, 0], fd_allocate: [0, 0n, 0n],
    fd_readdir: [0, 64, 8, 0n, 8], fd_filestat_set_size: [0, 0n], fd_filestat_set_times: [0, 0n, 0n, 0],
    fd_fdstat_set_rights: [0, 2n, 0n], clock_time_get: [0, 0n, 8], path_open: [3, 0, 64, 1, 0, 0n, 0n, 0, 8],
    path_filestat_set_times: [3, 0, 64, 1, 0n, 0n, 0],
  };
  return all[name] ?? [0, 8, 16, 24, 32, 40, 48].slice(0, arity(name));
}

function arity(name: string): number {
  return {
    path_link: 7,
    path_readlink: 6,
    path_rename: 6,
    sock_recv: 6,
    path_filestat_get: 5,
    path_symlink: 5,
  }[name] ?? 4;
}

/** An errno, or the package that a refusal names. */
async function outcome(guest: Driver, name: string): Promise<string> {
  try {
    return await guest.wait(name, ...argumentsOf(name));
  } catch (error) {
    assert.ok(error instanceof CapabilityError, `${name}: ${error}`);
    assert.equal(error.wall, "link");
    assert.equal(error.asked, `wasi_snapshot_preview1#${name}`);
    return /add (\S+) to the imports of test:guest: imports: \[.*\1.*\]/.exec(error.hint)?.[1] ?? error.hint;
  }
}

Deno.test("the table of this test has every function", () => {
  assert.deepEqual(Object.keys(NOTHING).sort(), [...ALL_FUNCTIONS].sort());
});

for (const name of ALL_FUNCTIONS) {
  Deno.test(`${name} of a guest that was granted nothing: ${NOTHING[name]}`, async () => {
    using guest = new Driver({ packages: [] });
    assert.equal(await outcome(guest, name), NOTHING[name]);
  });
}

/** Which packages allow what was refused. */
const ALLOWING: Readonly<Record<string, readonly Package[]>> = {
  "wasi:cli": ["wasi:cli", "wasi1"],
  "wasi:clocks": ["wasi:clocks", "wasi1"],
  "wasi:random": ["wasi:random", "wasi1"],
  "wasi:poll": ["wasi:poll", "wasi:io", "wasi1"],
  "wasi:sockets": ["wasi:sockets"],
  "wasi:filesystem": ["wasi:filesystem", "wasi1"],
};

const EVERY: readonly Package[] = [
  "wasi:cli",
  "wasi:io",
  "wasi:poll",
  "wasi:clocks",
  "wasi:filesystem",
  "wasi:random",
  "wasi:sockets",
  "wasi:http",
  "funcs",
  "wasi1",
];

Deno.test("each package allows its own functions and no other", async () => {
  for (const granted of EVERY) {
    for (const [name, provider] of Object.entries(NOTHING)) {
      if (!(provider in ALLOWING) || name === "proc_exit") continue;
      using guest = new Driver({ packages: [granted] });
      const said = await outcome(guest, name);
      const allowed = ALLOWING[provider]!.includes(granted);
      assert.equal(said === provider, !allowed, `${name} with ${granted}: ${said}`);
    }
  }
});

Deno.test("a refused descriptor of a standard stream is there, and says that it can do nothing", () => {
  using guest = new Driver({ packages: [] });
  const out = guest.room(24);
  for (const fd of [0, 1, 2]) {
    guest.ok("fd_fdstat_get", fd, out);
    assert.equal(guest.view.getUint8(out), 0, "unknown");
    assert.equal(guest.u64(out + 8), 0n);
  }
  assert.equal(guest.call("fd_fdstat_get", 3, out), "badf");
});

Deno.test("without wasi:cli the first file that is opened is not standard output", async () => {
  using place = box();
  using guest = mounted(place.root, { packages: ["wasi:filesystem"] });
  assert.equal(guest.open("f", { oflags: 1 }), 4);
  await assert.rejects(guest.write(1, "x"), CapabilityError);
});

Deno.test("mounts without wasi:filesystem are not preopened, and not touched", () => {
  using guest = mounted("/nonexistent/airlock", { packages: ["wasi:cli", "wasi:clocks"] });
  assert.equal(guest.call("fd_prestat_get", 3, 8), "badf");
});

Deno.test("a guest that uses no file touches no mount", async () => {
  using guest = mounted("/nonexistent/airlock");
  assert.equal(await guest.write(1, "hello"), 5);
  assert.equal(guest.stdout.text, "hello");
});

Deno.test("waiting for a time takes wasi:clocks, waiting for a stream wasi:cli", async () => {
  const subscription = (guest: Driver, tag: number) => {
    const at = guest.room(48);
    guest.view.setUint8(at + 8, tag);
    return guest.wait("poll_oneoff", at, guest.room(32), 1, guest.room(4));
  };
  using one = new Driver({ packages: ["wasi:poll", "wasi:cli"] });
  await assert.rejects(subscription(one, 0), /add wasi:clocks to the imports/);
  using two = new Driver({ packages: ["wasi:poll", "wasi:clocks"] });
  await assert.rejects(subscription(two, 1), /add wasi:cli to the imports/);
  using three = new Driver({ packages: ["wasi:poll", "wasi:clocks"] });
  assert.equal(await subscription(three, 0), "success");
});

Deno.test("whoever links can say more of a refusal", () => {
  const asked: string[] = [];
  using guest = new Driver({
    packages: [],
    refuse: (provider, func) => {
      asked.push(`${provider} ${func}`);
      return new CapabilityError({ asked: func, allowed: [], wall: "link", hint: "app.yaml:3:5" });
    },
  });
  assert.throws(() => guest.call("random_get", 0, 1), /app\.yaml:3:5/);
  assert.deepEqual(asked, ["wasi:random random_get"]);
});
