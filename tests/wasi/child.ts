/**
 * A guest's part, played without a guest: run as a process of its own by `stdio_process_test.ts`, with no permissions.
 */
import { ComponentError } from "../../src/component/error.ts";
import { ExitError } from "../../src/wasi/mod.ts";
import { host } from "./support.ts";

const tagOf = (error: unknown) =>
  error instanceof ComponentError ? (error.payload as { tag: string }).tag : String(error);

const stdin = () => host("wasi:cli/stdin").getStdin();
const stdout = () => host("wasi:cli/stdout").getStdout();
const { exitWithCode } = host("wasi:cli/exit");
const { subscribeDuration } = host("wasi:clocks/monotonic-clock");
const { poll } = host("wasi:io/poll");

/** The C library's way to read and write: blocking, 4 KiB at most. */
async function cat(): Promise<void> {
  const [input, output] = [stdin(), stdout()];
  for (;;) await output.blockingWriteAndFlush(await input.blockingRead(4096n));
}

async function splice(): Promise<void> {
  const [input, output] = [stdin(), stdout()];
  for (;;) await output.blockingSplice(input, 2n ** 64n - 1n);
}

/** Looks for input with a zero timeout, without ever waiting for it. */
async function spin(): Promise<void> {
  const [input, output] = [stdin(), stdout()];
  const pollable = input.subscribe();
  for (;;) {
    const ready = await poll([pollable, subscribeDuration(0n)]);
    if (ready[0] === 0) await output.blockingWriteAndFlush(input.read(4096n));
  }
}

/** Gives up on input after a while, as `read` with a timeout does. */
async function timeout(): Promise<void> {
  const ready = await poll([stdin().subscribe(), subscribeDuration(50_000_000n)]);
  exitWithCode(ready[0] === 1 ? 7 : 8);
}

/** Writes until nobody reads. */
async function yes(): Promise<void> {
  const output = stdout();
  const contents = new Uint8Array(4096).fill(121);
  for (;;) await output.blockingWriteAndFlush(contents);
}

/** Writes all that the pipe and the host take without waiting, tells how much that was, and exits. */
function flood(): void {
  const output = stdout();
  let sum = 0;
  for (let permit = output.checkWrite(); permit > 0n; permit = output.checkWrite()) {
    output.write(new Uint8Array(Number(permit)));
    sum += Number(permit);
    if (sum >= 4 << 20) break;
  }
  host("wasi:cli/stderr").getStderr().blockingWriteAndFlush(new TextEncoder().encode(`${sum}`));
  exitWithCode(3);
}

function terminals(): void {
  const found = ["stdin", "stdout", "stderr"].filter((end) => {
    const name = `getTerminal${end[0]!.toUpperCase()}${end.slice(1)}`;
    return host(`wasi:cli/terminal-${end}`)[name]() !== undefined;
  });
  stdout().blockingWriteAndFlush(new TextEncoder().encode(found.join(" ")));
}

/** `stdout` of this process as the programs that share it may have left it. Linux. */
function nonBlocking(): void {
  const { symbols } = Deno.dlopen("libc.so.6", {
    fcntl: { parameters: ["i32", "i32", "i32"], result: "i32" },
  });
  const [F_SETFL, O_WRONLY, O_NONBLOCK] = [4, 1, 0o4000];
  if (symbols.fcntl(1, F_SETFL, O_WRONLY | O_NONBLOCK) !== 0) throw new Error("fcntl");
}

const modes: Record<string, () => void | Promise<void>> = {
  cat,
  splice,
  spin,
  timeout,
  yes,
  flood,
  terminals,
};

try {
  if (Deno.args[1] === "nonblocking") nonBlocking();
  await modes[Deno.args[0]!]!();
} catch (error) {
  if (error instanceof ExitError) Deno.exit(error.exitCode);
  console.error(tagOf(error));
}
