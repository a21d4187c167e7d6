/** A mount shows the directory that was declared, not what a guest puts in its place. */
import assert from "node:assert/strict";
import { Runtime } from "../../mod.ts";
import { component, hashOf, project } from "../support/project.ts";

const paths = component("tests/guests/paths/paths.wasm");

async function app(more: string) {
  const fields =
    `fs: files, path: paths.wasm, hash: "${await hashOf(paths)}", method: "wasi:cli/run@0.2.3#run", ` +
    "imports: [wasi:cli, wasi:io, wasi:clocks, wasi:filesystem], kind: process.wasm";
  return `namespace: x
entries:
  - {name: files, kind: fs.directory, directory: .}
  - {name: data, kind: fs.directory, directory: data}
  - {name: sub, kind: fs.directory, directory: data/sub}
  - {name: writer, ${fields}, wasi: {args: [paths, "ls=/data"], mounts: [{fs: data, guest: /data}]}}
  - {name: reader, ${fields}, wasi: {args: [paths, "ls=/s"], mounts: [{fs: sub, guest: /s, read_only: true}]}}
${more}`;
}

const quiet = {
  stdio: {
    stdout: { writeSync: (b: Uint8Array) => b.length },
    stderr: { writeSync: (b: Uint8Array) => b.length },
  },
};

Deno.test("a mount that leads through a link inside a directory that guests may write to is refused", async () => {
  await using folder = await project({
    "app.yaml": await app(""),
    "paths.wasm": paths,
    "data/x": "",
    "private/secret": "",
  });
  Deno.symlinkSync("../private", `${folder.directory}/data/sub`);
  await using runtime = await Runtime.load(`${folder.directory}/app.yaml`, quiet);
  await assert.rejects(runtime.call("x:reader"), {
    name: "CapabilityError",
    message: /the mount of .*data\/sub at \/s, which leads through the link .*data\/sub is not granted/,
  });
  await runtime.call("x:writer");
});

Deno.test("a directory that becomes a link between two calls is not shown any more", async () => {
  await using folder = await project({
    "app.yaml": await app(""),
    "paths.wasm": paths,
    "data/sub/x": "",
    "private/secret": "",
  });
  await using runtime = await Runtime.load(`${folder.directory}/app.yaml`, quiet);
  await runtime.call("x:reader");
  Deno.renameSync(`${folder.directory}/data/sub`, `${folder.directory}/data/sub2`);
  Deno.symlinkSync("../private", `${folder.directory}/data/sub`);
  await assert.rejects(runtime.call("x:reader"), {
    name: "Trap",
    message: /the mount \/s is not the directory that was declared/,
  });
});

Deno.test("a directory that is not there is said with its place, before anything runs", async () => {
  await using folder = await project({ "app.yaml": await app(""), "paths.wasm": paths });
  await using runtime = await Runtime.load(`${folder.directory}/app.yaml`, quiet);
  await assert.rejects(runtime.call("x:writer"), {
    name: "NotFound",
    message: /app\.yaml:\d+:\d+: x:writer: the mount of .*\/data at \/data: there is no such directory$/,
  });
});

Deno.test("files that a guest leaves open are closed when its call ends", async () => {
  await using folder = await project({ "app.yaml": await app(""), "paths.wasm": paths, "data/sub/x": "" });
  await using runtime = await Runtime.load(`${folder.directory}/app.yaml`, quiet);
  const open = () =>
    [...Deno.readDirSync("/proc/self/fd")].filter(({ name }) => {
      try {
        return Deno.readLinkSync(`/proc/self/fd/${name}`).startsWith(folder.directory);
      } catch {
        return false; // closed meanwhile
      }
    }).length;
  await runtime.call("x:reader");
  const before = open();
  for (let i = 0; i < 50; i++) await runtime.call("x:reader");
  assert.equal(open(), before);
});
