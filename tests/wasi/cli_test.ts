import assert from "node:assert/strict";
import { ComponentError } from "../../src/component/error.ts";
import { ExitError, type Stdin } from "../../src/wasi/mod.ts";
import { filesystemErrorCode } from "../../src/wasi/filesystem/error_code.ts";
import { bytes, host, isErr, later, settled, text, turn } from "./support.ts";

/** A reader that gives `chunks`, each to one read of at least its length. */
function reader(...chunks: string[]): Stdin & { asked: number[] } {
  const asked: number[] = [];
  const left = chunks.map(bytes);
  return {
    asked,
    read(into) {
      asked.push(into.length);
      const chunk = left.shift();
      if (chunk === undefined) return Promise.resolve(null);
      const part = chunk.subarray(0, into.length);
      if (part.length < chunk.length) left.unshift(chunk.subarray(part.length));
      into.set(part);
      return Promise.resolve(part.length);
    },
  };
}

const stdinOf = (stdin: Stdin) => host("wasi:cli/stdin", {}, { stdio: { stdin } });

// deno-lint-ignore no-explicit-any -- any stream
function output(writeSync: (bytes: Uint8Array) => number): any {
  return host("wasi:cli/stdout", {}, { stdio: { stdout: { writeSync } } }).getStdout();
}

Deno.test("the environment is the grant's, whole and nothing else", () => {
  const { getArguments, getEnvironment, initialCwd } = host("wasi:cli/environment", {
    args: ["prog", "", "a b", "\u{1F600}"],
    env: [["A", "1"], ["B", ""]],
    cwd: "/home/ada",
  });
  assert.deepEqual(getArguments(), ["prog", "", "a b", "\u{1F600}"]);
  assert.deepEqual(getEnvironment(), [["A", "1"], ["B", ""]]);
  assert.equal(initialCwd(), "/home/ada");
});

Deno.test("what a guest's host does with the lists does not change the grant", () => {
  const { getArguments, getEnvironment } = host("wasi:cli/environment", { args: ["a"], env: [["A", "1"]] });
  getArguments().push("b");
  getEnvironment()[0][1] = "2";
  assert.deepEqual(getArguments(), ["a"]);
  assert.deepEqual(getEnvironment(), [["A", "1"]]);
});

const exits: [what: string, call: (exit: ReturnType<typeof host>) => void, code: number][] = [
  ["exit(ok)", ({ exit }) => exit({ tag: "ok" }), 0],
  ["exit(err)", ({ exit }) => exit({ tag: "err" }), 1],
  ["exit-with-code(0)", ({ exitWithCode }) => exitWithCode(0), 0],
  ["exit-with-code(255)", ({ exitWithCode }) => exitWithCode(255), 255],
];

for (const [what, call, exitCode] of exits) {
  Deno.test(`${what} exits with ${exitCode}`, () => {
    assert.throws(() => call(host("wasi:cli/exit")), (error) => {
      assert.ok(error instanceof ExitError);
      assert.deepEqual([error.name, error.code, error.exitCode], ["ExitError", "exit", exitCode]);
      return true;
    });
  });
}

Deno.test("nothing is read from standard input before the guest asks, and then no more than it asks for", async () => {
  const stdin = reader("hello");
  const stream = stdinOf(stdin).getStdin();
  await turn();
  assert.deepEqual(stdin.asked, []);
  assert.equal(text(await later(stream.blockingRead(2n))), "he");
  assert.deepEqual(stdin.asked, [2]);
  assert.equal(text(await later(stream.blockingRead(2n ** 64n - 1n))), "llo");
  assert.deepEqual(stdin.asked, [2, 65536]);
  await assert.rejects(later(stream.blockingRead(1n)), isErr("closed"));
});

Deno.test("a non-blocking read starts one read in the background, and a pollable tells its end", async () => {
  const stdin = reader("abc", "def");
  const stream = stdinOf(stdin).getStdin();
  const pollable = stream.subscribe();
  assert.equal(stream.read(100n).length, 0);
  assert.equal(stream.read(100n).length, 0);
  await pollable.block();
  assert.deepEqual(stdin.asked, [100]);
  assert.equal(text(stream.read(2n)), "ab");
  assert.equal(text(stream.read(100n)), "c");
});

Deno.test("waiting without having read fetches a little", async () => {
  const stdin = reader("abc");
  const stream = stdinOf(stdin).getStdin();
  await stream.subscribe().block();
  assert.deepEqual(stdin.asked, [4096]);
  assert.equal(text(stream.read(10n)), "abc");
});

Deno.test("streams of one standard input share it, and dropping one keeps the other", async () => {
  const { getStdin } = stdinOf(reader("abcdef"));
  const [one, other] = [getStdin(), getStdin()];
  assert.equal(text(await one.blockingRead(3n)), "abc");
  one[Symbol.dispose]();
  assert.equal(text(await other.blockingRead(3n)), "def");
});

Deno.test("what one guest has read ahead is not another's", async () => {
  const stdin = reader("first", "second");
  const one = stdinOf(stdin).getStdin();
  const other = stdinOf(stdin).getStdin();
  await one.subscribe().block();
  assert.equal(text(await other.blockingRead(10n)), "second");
  assert.equal(text(one.read(10n)), "first");
});

Deno.test("a failing standard input fails once and is closed then", async () => {
  const stream = stdinOf({ read: () => Promise.reject(new Error("unplugged")) }).getStdin();
  await assert.rejects(later(stream.blockingRead(1n)), isErr("last-operation-failed"));
  assert.throws(() => stream.read(1n), isErr("closed"));
});

Deno.test("a reader that throws at once is a failure too", async () => {
  const stream = stdinOf({
    read: () => {
      throw new Error("unplugged");
    },
  }).getStdin();
  await assert.rejects(later(stream.blockingRead(1n)), isErr("last-operation-failed"));
});

Deno.test("a write is out before the call returns, also where the writer takes it in pieces", () => {
  let out = "";
  const stream = output((data) => {
    out += text(data.subarray(0, 2));
    return Math.min(2, data.length);
  });
  stream.checkWrite();
  stream.write(bytes("hello"));
  assert.equal(out, "hello");
  assert.equal(stream.blockingWriteAndFlush(bytes("world")), undefined);
  assert.equal(out, "helloworld");
});

Deno.test("a full pipe makes the guest wait, and nothing is lost or reordered", async () => {
  let out = "";
  let room = 3;
  const stream = output((data) => {
    if (room === 0) throw new Deno.errors.WouldBlock("full");
    const part = data.subarray(0, room);
    out += text(part);
    room -= part.length;
    return part.length;
  });
  const written = later(stream.blockingWriteAndFlush(bytes("hello")));
  assert.equal(await settled(written), false);
  assert.equal(stream.checkWrite(), 0n);
  const pollable = stream.subscribe();
  assert.equal(pollable.ready(), false);
  room = 1;
  await turn();
  room = 100;
  await written;
  await pollable.block();
  stream.checkWrite();
  stream.write(bytes("!"));
  assert.equal(out, "hello!");
});

Deno.test("many permits at once cannot fill the host's memory", () => {
  const writeSync = () => {
    throw new Deno.errors.WouldBlock("full");
  };
  const { getStdout } = host("wasi:cli/stdout", {}, { stdio: { stdout: { writeSync } } });
  const streams = Array.from({ length: 300 }, () => getStdout());
  for (const stream of streams) assert.equal(stream.checkWrite(), 65536n);
  const { setTimeout: real } = globalThis;
  // deno-lint-ignore no-explicit-any -- no retries in this test
  (globalThis as any).setTimeout = () => 0;
  const remove = globalThis.addEventListener;
  globalThis.addEventListener = () => {};
  try {
    let refused = 0;
    for (const stream of streams) {
      try {
        stream.write(new Uint8Array(65536));
      } catch (error) {
        assert.ok(isErr("last-operation-failed")(error));
        refused++;
      }
    }
    assert.equal(refused, 300 - 256);
  } finally {
    globalThis.setTimeout = real;
    globalThis.addEventListener = remove;
  }
});

Deno.test("a reader that is gone closes the stream", () => {
  const stream = output(() => {
    throw new Deno.errors.BrokenPipe("EPIPE");
  });
  stream.checkWrite();
  assert.throws(() => stream.write(bytes("x")), isErr("closed"));
  assert.throws(() => stream.checkWrite(), isErr("closed"));
});

Deno.test("a full disk is last-operation-failed, and filesystem-error-code names it", () => {
  const stream = output(() => {
    throw Object.assign(new Error("No space left on device"), { code: "ENOSPC" });
  });
  assert.throws(() => stream.blockingWriteAndFlush(bytes("x")), (error) => {
    assert.ok(isErr("last-operation-failed")(error));
    // deno-lint-ignore no-explicit-any -- checked above
    assert.equal(filesystemErrorCode((error as ComponentError<any>).payload.val), "insufficient-space");
    return true;
  });
  assert.throws(() => stream.checkWrite(), isErr("closed"));
});

Deno.test("dropping a stream to standard output keeps the output open", () => {
  let out = "";
  const writeSync = (data: Uint8Array) => {
    out += text(data);
    return data.length;
  };
  const { getStdout } = host("wasi:cli/stdout", {}, { stdio: { stdout: { writeSync } } });
  const first = getStdout();
  first.blockingWriteAndFlush(bytes("a"));
  first[Symbol.dispose]();
  getStdout().blockingWriteAndFlush(bytes("b"));
  assert.equal(out, "ab");
});

for (const isTerminal of [true, false, undefined]) {
  Deno.test(`terminals are there when isTerminal gives ${isTerminal}`, () => {
    const ask = isTerminal === undefined ? {} : { isTerminal: () => isTerminal };
    const writer = { writeSync: (data: Uint8Array) => data.length, ...ask };
    const stdio = { stdin: { read: () => Promise.resolve(null), ...ask }, stdout: writer, stderr: writer };
    const { TerminalInput } = host("wasi:cli/terminal-input");
    const { TerminalOutput } = host("wasi:cli/terminal-output");
    const found = [
      host("wasi:cli/terminal-stdin", {}, { stdio }).getTerminalStdin() instanceof TerminalInput,
      host("wasi:cli/terminal-stdout", {}, { stdio }).getTerminalStdout() instanceof TerminalOutput,
      host("wasi:cli/terminal-stderr", {}, { stdio }).getTerminalStderr() instanceof TerminalOutput,
    ];
    assert.deepEqual(found, [isTerminal === true, isTerminal === true, isTerminal === true]);
  });
}
