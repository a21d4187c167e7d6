/** Programs by real toolchains, whole: what they say, what they leave behind, how they end. */
import assert from "node:assert/strict";
import { box, program, type Ran, run, type Settings } from "./support.ts";

function tour(module: WebAssembly.Module, root: string, settings: Settings = {}): Promise<Ran> {
  const mounts = [{ guest: "/data", host: root, readOnly: false }];
  const env = [["GREETING", "hi"]] as const;
  return run(module, { stdin: "one\ntwo\n", grant: { args: ["tour", "x y"], env, mounts }, ...settings });
}

const C = `\
arg 0: tour
arg 1: x y
env: hi
stdin: one
stdin: two
notes: first 1
notes: second line
writev: 11
flags: append
read what is open for writing: Bad file descriptor
lseek: 26
read: 5
pread: 5 secon
size: 31, regular: 1
terminal: 0
mkdir: ok
mkdir again: File exists
rename: ok
symlink: ok
link: ok
readlink: sub/notes
list /data: ../ ./ hard link@ sub/
list /data/sub: ../ ./ notes
rmdir: Directory not empty
unlink a directory: Is a directory
out by ..: Operation not permitted
out of everything: Capabilities insufficient
chdir: ok
relative: ok
slept: long enough
poll: 1 1
random: ok
`;

Deno.test("a program in C, on wasi-libc", async () => {
  using place = box();
  assert.deepEqual(await tour(program("tour-c"), place.root), { code: 42, stdout: C, stderr: "done\n" });
  assert.equal(Deno.readTextFileSync(`${place.root}/sub/notes`), "first 1\nsecond line\nthird line\n");
  assert.equal(Deno.statSync(`${place.root}/hard`).nlink, 2);
  assert.equal(Deno.readLinkSync(`${place.root}/link`), "sub/notes");
});

const RUST = `\
args: ["tour", "x y"]
env: Ok("hi")
stdin: one
stdin: two
notes: "first\\nsecond\\nthird\\n"
seek: 13
rest: "third\\n"
len: 5
new: Some(AlreadyExists)
names: [("c", true), ("hard", false), ("moved", false)]
/data/none: Some(NotFound)
/data/../etc/passwd: Some(PermissionDenied)
/etc/passwd: Some(NotFound)
/data/a: Some(Uncategorized)
rmdir: Some(Uncategorized)
exists: false
slept: true
now: true
map: Some(1)
`;

Deno.test("a program in Rust, on its standard library", async () => {
  using place = box();
  assert.deepEqual(await tour(program("tour-rust"), place.root), { code: 7, stdout: RUST, stderr: "done\n" });
  assert.deepEqual([...Deno.readDirSync(place.root)].map(({ name }) => name), ["notes"]);
  assert.equal(Deno.readTextFileSync(`${place.root}/notes`), "first");
});

Deno.test("programs of every toolchain start without a grant, and end where they first print", async () => {
  for (const name of ["tour-c", "tour-rust"]) {
    const { code, error } = await run(program(name), { packages: [] });
    assert.equal(code, -1);
    assert.match(
      String(error),
      /wasi_snapshot_preview1#fd_write is not granted: .*add wasi:cli to the imports/,
      name,
    );
  }
});

Deno.test("without wasi:filesystem there are no files, and all else goes on", async () => {
  using place = box();
  const packages = ["wasi:cli", "wasi:clocks", "wasi:random", "wasi:poll"] as const;
  const { stdout, stderr } = await tour(program("tour-rust"), place.root, { packages });
  assert.match(stdout, /^args: \["tour", "x y"\]\nenv: Ok\("hi"\)\nstdin: one\nstdin: two\n$/);
  assert.match(stderr, /NotFound/);
  assert.deepEqual([...Deno.readDirSync(place.root)], []);
});

Deno.test("many programs wait at once, in one process", async () => {
  const everyone = Promise.withResolvers<void>();
  let waiting = 0;
  const all = Array.from({ length: 20 }, async () => {
    using place = box();
    const stdin = {
      // Nobody's input ends before all have asked for it.
      async read() {
        if (++waiting === 20) everyone.resolve();
        await everyone.promise;
        return null;
      },
    };
    return (await tour(program("tour-c"), place.root, { stdin })).code;
  });
  assert.deepEqual(await Promise.all(all), Array(20).fill(42));
});

/** Where Go is, if it is. */
const go = ["go", "/usr/local/go/bin/go"].find((path) => {
  try {
    return new Deno.Command(path, { args: ["version"], stdout: "null", stderr: "null" }).outputSync().success;
  } catch {
    return false;
  }
});

const GO = `\
args: [x y]
env: hi
stdin: one
stdin: two
ticked: true
in: "input\\n" <nil>
write: <nil>
mkdir: <nil>
rename: <nil>
walk: . true <nil>
walk: a true <nil>
walk: a/b true <nil>
walk: a/b/moved false <nil>
walk: in false <nil>
walked: <nil>
out: true
remove: <nil>
`;

Deno.test({
  name: `a program in Go${go === undefined ? " (skipped: go is not on this machine)" : ""}`,
  ignore: go === undefined,
  async fn() {
    using place = box();
    const module = `${place.outside}/hello.wasm`;
    const built = await new Deno.Command(go!, {
      args: ["build", "-o", module, "."],
      cwd: new URL("programs/hello", import.meta.url),
      env: { GOOS: "wasip1", GOARCH: "wasm", GOTOOLCHAIN: "local", GOFLAGS: "-mod=mod", GOWORK: "off" },
    }).output();
    assert.ok(built.success, new TextDecoder().decode(built.stderr));
    Deno.writeTextFileSync(`${place.root}/in`, "input\n");
    const ran = await tour(await WebAssembly.compile(Deno.readFileSync(module)), place.root);
    assert.deepEqual(ran, { code: 3, stdout: GO, stderr: "" });
  },
});
