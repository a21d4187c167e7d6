/** Things that would hang, fill or mislead the host. */
import assert from "node:assert/strict";
import type { Descriptor } from "../../src/wasi/filesystem/descriptor.ts";
import { MAX_OPEN } from "../../src/wasi/filesystem/opened.ts";
import {
  BOTH,
  CREATE,
  FOLLOW,
  listing,
  outcome,
  preopens,
  READ,
  readAll,
  sandbox,
  WRITE,
} from "./filesystem_support.ts";
import { bytes, isTrap } from "./support.ts";

const POSIX = Deno.build.os !== "windows";

Deno.test("FIFOs, sockets and devices are listed and described, and not opened", { ignore: !POSIX }, () => {
  using box = sandbox();
  const made = new Deno.Command("mkfifo", { args: [`${box.root}/fifo`] }).outputSync().success;
  assert.ok(made, "mkfifo");
  using _socket = Deno.listen({ transport: "unix", path: `${box.root}/socket` });
  const device = new Deno.Command("mknod", { args: [`${box.root}/null`, "c", "1", "3"], stderr: "null" })
    .outputSync().success;
  Deno.symlinkSync("fifo", `${box.root}/link`);
  const kinds = [["fifo", "fifo", "unsupported"], ["socket", "unknown", "no-such-device"]];
  // Making a device takes a privilege that most test runs do not have.
  if (device) kinds.push(["null", "character-device", "unsupported"]);
  const listed = listing(box.dir);
  for (const [name, type, code] of kinds as [string, string, string][]) {
    assert.ok(listed.includes(`${name} ${type}`), name);
    assert.equal(box.dir.statAt({}, name).type, type);
    for (const flags of [{}, READ, WRITE, BOTH]) {
      assert.equal(outcome(() => box.dir.openAt({}, name, {}, flags)), code, name);
      assert.equal(
        outcome(() => box.dir.openAt({}, name, { create: true, truncate: true }, flags)),
        code,
        name,
      );
    }
    assert.equal(outcome(() => box.dir.openAt({}, name, { directory: true }, READ)), "not-directory");
    assert.equal(outcome(() => box.dir.openAt({}, `${name}/x`, {}, READ)), "not-directory");
  }
  assert.equal(outcome(() => box.dir.openAt(FOLLOW, "link", {}, READ)), "unsupported");
  box.dir.renameAt("fifo", box.dir, "renamed");
  box.dir.unlinkFileAt("renamed");
});

Deno.test("a guest that opens descriptors in a loop gets an error code, and can go on", () => {
  using box = sandbox();
  box.dir.openAt({}, "file", CREATE, WRITE)[Symbol.dispose]();
  const held: Descriptor[] = [];
  let code = "ok";
  while (code === "ok" && held.length < MAX_OPEN * 2) {
    code = outcome(() => void held.push(box.dir.openAt({}, "file", {}, BOTH)));
  }
  assert.equal(code, "insufficient-memory");
  // The preopened directory counts.
  assert.equal(held.length, MAX_OPEN - 1);
  assert.equal(outcome(() => box.dir.openAt({}, "new", CREATE, WRITE)), "insufficient-memory");
  assert.equal(outcome(() => box.dir.statAt({}, "new")), "no-entry", "it was created all the same");
  assert.equal(outcome(() => box.dir.statAt({}, "file")), "ok");
  held.pop()![Symbol.dispose]();
  assert.equal(outcome(() => box.dir.openAt({}, "file", {}, READ)), "ok");
  for (const descriptor of held) descriptor[Symbol.dispose]();
});

Deno.test("streams of a dropped descriptor count until they are dropped", () => {
  using box = sandbox();
  const streams = Array.from({ length: MAX_OPEN - 1 }, () => {
    using file = box.dir.openAt({}, "file", CREATE, BOTH);
    return file.readViaStream(0n);
  });
  assert.equal(outcome(() => box.dir.openAt({}, "file", {}, READ)), "insufficient-memory");
  for (const stream of streams) stream[Symbol.dispose]();
  assert.equal(outcome(() => box.dir.openAt({}, "file", {}, READ)), "ok");
});

Deno.test("10,000 streams of one file take no descriptors of the host", () => {
  using box = sandbox();
  using file = box.dir.openAt({}, "file", CREATE, BOTH);
  const before = openFiles(box.outside);
  const streams = Array.from(
    { length: 5000 },
    () => [file.readViaStream(0n), file.appendViaStream()] as const,
  );
  for (const [reader, writer] of streams) {
    writer.blockingWriteAndFlush(bytes("x"));
    assert.equal(reader.read(1n).length, 1);
  }
  assert.ok(openFiles(box.outside) - before <= 1, "one for all that append");
  for (const stream of streams.flat()) stream[Symbol.dispose]();
  assert.equal(file.stat().size, 5000n);
});

Deno.test("descriptors and streams that are dropped are closed on the host", () => {
  using box = sandbox();
  const before = openFiles(box.outside);
  for (let i = 0; i < 100; i++) {
    using file = box.dir.openAt({}, "file", CREATE, BOTH);
    using _reader = file.readViaStream(0n);
    using writer = file.appendViaStream();
    writer.blockingWriteAndFlush(bytes("x"));
    using _dir = box.dir.openAt({}, ".", {}, READ);
    using _entries = box.dir.readDirectory();
    for (const path of ["missing", "..", "file/x"]) outcome(() => box.dir.openAt({}, path, {}, READ));
  }
  assert.equal(openFiles(box.outside), before);
});

Deno.test("listings under way hold a million names at most, and dropped ones none", () => {
  using box = sandbox(false, (root) => {
    for (let i = 0; i < 20_000; i++) Deno.openSync(`${root}/${i}`, { write: true, createNew: true }).close();
  });
  const streams: Disposable[] = [];
  let code = "ok";
  while (code === "ok" && streams.length < 1000) {
    code = outcome(() => void streams.push(box.dir.readDirectory()));
  }
  assert.equal(code, "insufficient-memory");
  assert.equal(streams.length, Math.floor((1 << 20) / 20_000));
  for (const stream of streams) stream[Symbol.dispose]();
  assert.equal(outcome(() => listing(box.dir)), "ok");
});

Deno.test("a mount whose directory is not there traps by its guest path", () => {
  using box = sandbox();
  Deno.writeTextFileSync(`${box.root}/file`, "");
  const cases: [host: string, message: RegExp][] = [
    [`${box.outside}/gone`, /the mount \/data cannot be opened: no-entry$/],
    [`${box.root}/file`, /the mount \/data cannot be opened: not-directory$/],
  ];
  for (const [host, message] of cases) {
    const open = () => preopens([{ guest: "/data", host, readOnly: false }]);
    assert.throws(open, isTrap(message));
    assert.throws(open, (error: Error) => !error.message.includes("airlock_fs"));
  }
});

Deno.test("in a mount whose directory vanished there is nothing, and open files stay open", () => {
  using box = sandbox();
  using file = box.dir.openAt({}, "file", CREATE, BOTH);
  file.write(bytes("kept"), 0n);
  Deno.removeSync(box.root, { recursive: true });
  const calls = [
    () => box.dir.openAt({}, "file", CREATE, WRITE),
    () => box.dir.openAt({}, ".", {}, READ),
    () => box.dir.statAt({}, "."),
    () => box.dir.readDirectory(),
    () => box.dir.createDirectoryAt("new"),
    () => box.dir.renameAt("file", box.dir, "new"),
  ];
  for (const call of calls) assert.equal(outcome(call), "no-entry", String(call));
  // Not even in another directory of that name.
  Deno.mkdirSync(box.root);
  for (const call of calls) assert.equal(outcome(call), "no-entry", String(call));
  assert.equal(readAll(file), "kept");
  assert.equal(box.dir.stat().type, "directory");
});

Deno.test("a dropped descriptor traps", () => {
  using box = sandbox();
  const file = box.dir.openAt({}, "file", CREATE, BOTH);
  file[Symbol.dispose]();
  file[Symbol.dispose]();
  assert.throws(() => file.stat(), isTrap(/the descriptor was dropped/));
});

Deno.test("everything but symlink-at works in a process that may touch the mount alone", async () => {
  using box = sandbox();
  Deno.symlinkSync("file", `${box.root}/link`);
  const script = `${box.outside}/guest.ts`;
  const at = (path: string) => JSON.stringify(new URL(path, import.meta.url).href);
  Deno.writeTextFileSync(
    script,
    `
    import { getDirectories } from ${at("../../src/wasi/filesystem/preopens.ts")};
    import { denied } from ${at("../../src/grant/grant.ts")};
    const mounts = [{ guest: "/", host: Deno.args[0], readOnly: false }];
    const [[dir]] = getDirectories({ ...denied, mounts })();
    const now = { tag: "now" };
    const file = dir.openAt({}, "file", { create: true }, { read: true, write: true });
    file.write(new Uint8Array(3), 0n);
    file.appendViaStream().blockingWriteAndFlush(new Uint8Array(3));
    file.setTimes(now, now);
    dir.setTimesAt({}, "file", now, now);
    dir.setTimesAt({}, "link", now, now);
    dir.createDirectoryAt("dir");
    dir.renameAt("dir", dir, "renamed");
    dir.linkAt({}, "file", dir, "hard");
    dir.readlinkAt("link");
    dir.readDirectory();
    dir.sync();
    dir.unlinkFileAt("hard");
    dir.removeDirectoryAt("renamed");
    dir.openAt({ symlinkFollow: true }, "link", { truncate: true }, {});
    try { dir.symlinkAt("file", "new"); } catch (error) { console.log(error.payload); }
    console.log(dir.statAt({}, "file").size);
  `,
  );
  const args = ["run", "--no-prompt", "--no-check", `--allow-read=${box.root}`, `--allow-write=${box.root}`];
  const { stdout, stderr } = await new Deno.Command(Deno.execPath(), { args: [...args, script, box.root] })
    .output();
  assert.equal(new TextDecoder().decode(stderr), "");
  assert.equal(new TextDecoder().decode(stdout), "not-permitted\n0n\n");
});

Deno.test("files of a guest that is gone are closed", { ignore: Deno.build.os !== "linux" }, async () => {
  using box = sandbox();
  const script = `${box.outside}/guest.ts`;
  const at = (path: string) => JSON.stringify(new URL(path, import.meta.url).href);
  Deno.writeTextFileSync(
    script,
    `
    import { getDirectories } from ${at("../../src/wasi/filesystem/preopens.ts")};
    import { denied } from ${at("../../src/grant/grant.ts")};
    const count = () => [...Deno.readDirSync("/proc/self/fd")].length;
    const before = count();
    (function guest() {
      const mounts = [{ guest: "/", host: Deno.args[0], readOnly: false }];
      const [[dir]] = getDirectories({ ...denied, mounts })();
      for (let i = 0; i < 50; i++) {
        const file = dir.openAt({}, "file", { create: true }, { write: true });
        file.appendViaStream().blockingWriteAndFlush(new Uint8Array(1));
      }
    })();
    const during = count();
    for (let i = 0; i < 100 && count() > before; i++) {
      globalThis.gc();
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    console.log(during - before, count() - before);
  `,
  );
  const args = ["run", "-A", "--no-check", "--v8-flags=--expose-gc", script, box.root];
  const { stdout, stderr } = await new Deno.Command(Deno.execPath(), { args }).output();
  assert.equal(new TextDecoder().decode(stderr), "");
  assert.equal(new TextDecoder().decode(stdout), "101 0\n");
});

/** How many files below a directory this process has open, where the system says: other tests open files too. */
function openFiles(root: string): number {
  try {
    return [...Deno.readDirSync("/proc/self/fd")].filter(({ name }) => {
      try {
        return Deno.readLinkSync(`/proc/self/fd/${name}`).startsWith(root);
      } catch {
        return false; // closed meanwhile
      }
    }).length;
  } catch {
    return 0;
  }
}
