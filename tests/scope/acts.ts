/**
 * A process of some scope that tries things out. Its argument is a list of acts as JSON; it prints what became of each:
 * `ok`, `denied` where Deno's permissions forbade it, or `failed` where they let it and something else did not.
 */
import dgram from "node:dgram";
import dns from "node:dns";
import net from "node:net";

/** What to try, and with what. */
export type Act =
  | readonly ["read" | "write" | "list" | "symlink" | "env" | "lookup" | "import" | "run" | "ffi", string]
  | readonly ["connect" | "listen" | "fetch", host: string, port: number]
  | readonly ["datagram", from: string, host: string, port: number]
  | readonly ["sys"];

/** What became of it. */
export type Outcome = "ok" | "denied" | "failed";

/** Errors that only an event tells, and those that nobody could catch: Deno throws some of node's from within. */
let failing: (error: unknown) => void = () => {};

function happens(start: (done: () => void) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    failing = reject;
    start(resolve);
  });
}

async function perform(act: Act): Promise<unknown> {
  switch (act[0]) {
    case "read":
      return Deno.readTextFileSync(act[1]);
    case "write":
      return Deno.writeTextFileSync(act[1], "written");
    case "list":
      return [...Deno.readDirSync(act[1])];
    case "symlink":
      return Deno.symlinkSync("somewhere", act[1]);
    case "env":
      return Deno.env.get(act[1]);
    case "sys":
      return Deno.hostname();
    case "run":
      return new Deno.Command(act[1], { args: ["--version"], stdout: "null" }).outputSync();
    case "ffi":
      return Deno.dlopen(act[1], {}).close();
    case "import":
      return await import(act[1]);
    case "lookup":
      return await happens((done) => dns.lookup(act[1], (error) => error === null ? done() : failing(error)));
    case "fetch":
      return await (await fetch(`http://${act[1]}:${act[2]}/`)).body?.cancel();
    case "connect":
      return await happens((done) => {
        const socket = net.connect({ host: act[1], port: act[2], family: 4 });
        socket.on("error", failing).on("connect", () => {
          socket.destroy();
          done();
        });
      });
    case "listen":
      return await happens((done) => {
        const server = net.createServer().on("error", failing);
        server.listen({ host: act[1], port: act[2] }, () => server.close(done));
      });
    case "datagram":
      return await happens((done) => {
        const socket = dgram.createSocket(act[1].includes(":") ? "udp6" : "udp4").on("error", failing);
        socket.bind(0, act[1], () => {
          socket.send("x", act[3], act[2], (error) => {
            socket.close();
            error ? failing(error) : done();
          });
        });
      });
  }
}

/** A refusal is given before anything is sent: what takes a second was not refused. */
async function outcome(act: Act): Promise<Outcome> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const slow = new Promise<Outcome>((resolve) => timer = setTimeout(() => resolve("failed"), 1000));
  try {
    return await Promise.race([perform(act).then((): Outcome => "ok"), slow]);
  } catch (error) {
    const { message, code } = error as { message: string; code?: string };
    if (/Requires \w+ access to|requires unscoped/.test(message) || code === "EPERM") return "denied";
    // What node says where Deno refuses a datagram; the port and the address were good.
    return act[0] === "datagram" && /^send UNKNOWN/.test(message) ? "denied" : "failed";
  } finally {
    clearTimeout(timer);
  }
}

if (import.meta.main) {
  globalThis.addEventListener("error", (event) => {
    event.preventDefault();
    failing(event.error ?? new Error(event.message));
  });
  const outcomes: Outcome[] = [];
  for (const act of JSON.parse(Deno.args[0]!) as Act[]) outcomes.push(await outcome(act));
  console.log(JSON.stringify(outcomes));
  Deno.exit();
}
