/** The row of sockets: 1 GiB through an echo server that is a guest, beside one that is a loop in Deno. */
import type { Row } from "./measure.ts";

const ROUNDS = 3;
const SIZE = 2 ** 30, CHUNK = 65_536;
const main = new URL("../../main.ts", import.meta.url).pathname;
const guest = new URL("../guests/tcp/tcp.wasm", import.meta.url).pathname;

/** The floor. */
const PLAIN = `
const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
console.log("127.0.0.1:" + listener.addr.port);
for await (const conn of listener) {
  const buffer = new Uint8Array(${CHUNK});
  for (let n; (n = await conn.read(buffer)) !== null;) {
    for (let at = 0; at < n;) at += await conn.write(buffer.subarray(at, n));
  }
  conn.close();
}
`;

/** Rows of echoes. A throughput of 0.5× is a time of 1/0.5. */
export async function echoRows(): Promise<Row[]> {
  const directory = Deno.makeTempDirSync();
  try {
    const plain = `${directory}/plain.ts`;
    Deno.writeTextFileSync(plain, PLAIN);
    const rows: Row[] = [];
    for (const isolation of ["inline", "process"]) {
      const rules = ["--net", "127.0.0.1", "--isolation", isolation];
      const ours = ["run", "-A", main, "exec", guest, ...rules, "--", "echo", "127.0.0.1:0", "1"];
      const pairs: [number, number][] = [];
      for (let i = 0; i < ROUNDS; i++) pairs.push([await through(ours), await through(["run", "-A", plain])]);
      const ratios = pairs.map(([a, b]) => a / b).sort((a, b) => a - b);
      rows.push({
        what: `1 GiB echoed through TCP (${isolation})`,
        floor: "a loop over Deno.Conn",
        ns: Math.min(...pairs.map(([a]) => a)),
        floorNs: Math.min(...pairs.map(([, b]) => b)),
        ratio: ratios[ratios.length >> 1]!,
        promise: 1 / 0.5,
      });
    }
    return rows;
  } finally {
    Deno.removeSync(directory, { recursive: true });
  }
}

/** How long it takes a server, in a process of its own, to send everything back, in nanoseconds. */
async function through(args: string[]): Promise<number> {
  const child = new Deno.Command(Deno.execPath(), { args, stdout: "piped", stderr: "inherit" }).spawn();
  try {
    const conn = await Deno.connect(await addressOf(child.stdout));
    const from = performance.now();
    const chunk = new Uint8Array(CHUNK), buffer = new Uint8Array(CHUNK);
    const sent = (async () => {
      for (let at = 0; at < SIZE;) at += await conn.write(chunk.subarray(0, Math.min(CHUNK, SIZE - at)));
      await conn.closeWrite();
    })();
    let back = 0;
    for (let n; (n = await conn.read(buffer)) !== null;) back += n;
    await sent;
    if (back !== SIZE) throw new Error(`${back} bytes came back of ${SIZE}`);
    conn.close();
    return (performance.now() - from) * 1e6;
  } finally {
    try {
      child.kill();
    } catch {
      // It has served its one connection.
    }
    await child.status;
  }
}

/** Where it listens, which is the first that it says. */
async function addressOf(stdout: ReadableStream<Uint8Array>): Promise<{ hostname: string; port: number }> {
  const decoder = new TextDecoder();
  let text = "";
  for await (const bytes of stdout) {
    text += decoder.decode(bytes, { stream: true });
    const port = /127\.0\.0\.1:(\d+)\s/.exec(text)?.[1];
    if (port !== undefined) return { hostname: "127.0.0.1", port: Number(port) };
  }
  throw new Error(`it did not listen: ${text}`);
}
