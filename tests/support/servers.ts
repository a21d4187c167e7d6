/** Servers that nobody here wrote, each in a directory of its own, on a port that was free: started and stopped by a test. */
import { has } from "./airlock.ts";

/** A server under way, stopped at the end of its scope. */
export interface Server extends AsyncDisposable {
  readonly port: number;
  /** Its directory. */
  readonly directory: string;
}

/** How to start one. */
interface Recipe {
  /** The program and its words. */
  readonly command: readonly string[];
  /** What it prints when it can be talked to. */
  readonly ready: RegExp;
}

const PATIENCE_MS = 30_000;

/** Redis, without persistence. `undefined` where it is not installed. */
export async function redisServer(): Promise<Server | undefined> {
  if (!await has("redis-server")) return undefined;
  return await start((port, directory) => ({
    command: ["redis-server", "--port", `${port}`, "--bind", "127.0.0.1", "--save", "", "--dir", directory],
    ready: /Ready to accept connections/,
  }));
}

/**
 * nginx, with what stands in `server` of its configuration; `PORT` and `DIRECTORY` are filled in. `undefined` where it
 * is not installed.
 */
export async function nginxServer(server: string): Promise<Server | undefined> {
  if (!await has("nginx")) return undefined;
  return await start(async (port, directory) => {
    const path = (name: string) => `${directory}/${name}`;
    const places = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map((name) =>
      `${name}_temp_path ${path(name)};`
    );
    await Deno.mkdir(path("files"));
    await Deno.writeTextFile(
      path("nginx.conf"),
      `daemon off; master_process off; pid ${path("pid")}; error_log stderr notice;
events {}
http {
  access_log off;
  ${places.join("\n  ")}
  server { listen 127.0.0.1:${port}; ${
        server.replaceAll("PORT", `${port}`).replaceAll("DIRECTORY", directory)
      } }
}
`,
    );
    return { command: ["nginx", "-e", "stderr", "-c", path("nginx.conf")], ready: /using the "epoll"/ };
  });
}

/** PostgreSQL with a user `ada`, whose password is `lovelace`. `undefined` where it is not installed. */
export async function postgresServer(): Promise<Server | undefined> {
  const programs = await postgresPrograms();
  if (programs === undefined) return undefined;
  return await start(async (port, directory) => {
    // It refuses to run as root: then as the user that its package has made.
    const root = Deno.uid() === 0;
    const as = (...command: string[]) =>
      root ? ["setpriv", "--reuid=postgres", "--clear-groups", ...command] : command;
    const data = `${directory}/data`;
    await Deno.mkdir(data, { mode: 0o700 });
    await Deno.writeTextFile(`${directory}/password`, "lovelace");
    if (root) await run(["chown", "-R", "postgres", directory]);
    const words = ["--username=ada", `--pwfile=${directory}/password`, "--auth=scram-sha-256", "--no-sync"];
    await run(as(`${programs}/initdb`, "--pgdata", data, "--encoding=UTF8", "--locale=C", ...words));
    const options = { listen_addresses: "127.0.0.1", unix_socket_directories: directory, fsync: "off" };
    const settings = Object.entries(options).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
    return {
      command: as(`${programs}/postgres`, "-D", data, "-p", `${port}`, ...settings),
      ready: /database system is ready to accept connections/,
    };
  });
}

/** Debian keeps the server's programs off the path. */
async function postgresPrograms(): Promise<string | undefined> {
  try {
    for await (const { name } of Deno.readDir("/usr/lib/postgresql")) {
      const directory = `/usr/lib/postgresql/${name}/bin`;
      if (await Deno.stat(`${directory}/initdb`).then(() => true, () => false)) return directory;
    }
  } catch { /* No such package. */ }
  return undefined;
}

async function start(
  recipe: (port: number, directory: string) => Recipe | Promise<Recipe>,
): Promise<Server> {
  const directory = await Deno.makeTempDir({ prefix: "airlock-server-" });
  const port = freePort();
  const { command: [program, ...args], ready } = await recipe(port, directory);
  const child = new Deno.Command(program!, {
    args,
    cwd: directory,
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  })
    .spawn();
  const stop = async () => {
    try {
      // At once, whoever is still connected.
      child.kill("SIGINT");
    } catch { /* It has ended by itself. */ }
    await child.status;
    await Deno.remove(directory, { recursive: true });
  };
  try {
    await said(child, ready);
    await answers(port);
  } catch (error) {
    await stop();
    throw error;
  }
  return { port, directory, [Symbol.asyncDispose]: stop };
}

/** Waits until it has said so; goes on reading, since a full pipe would stop it. */
function said(child: Deno.ChildProcess, ready: RegExp): Promise<void> {
  let text = "";
  return new Promise((done, failed) => {
    const timer = setTimeout(() => failed(new Error(`the server does not start: ${text}`)), PATIENCE_MS);
    const read = async (stream: ReadableStream<Uint8Array<ArrayBuffer>>) => {
      for await (const part of stream.pipeThrough(new TextDecoderStream())) {
        if (text.length < 65_536) text += part;
        if (ready.test(text)) done();
      }
    };
    Promise.all([read(child.stdout), read(child.stderr)]).then(
      () => failed(new Error(`the server has ended: ${text}`)),
      failed,
    ).finally(() => clearTimeout(timer));
    child.status.then(() => clearTimeout(timer));
  });
}

/** What says that it is ready may be a moment from listening. */
async function answers(port: number): Promise<void> {
  for (let attempt = 0;; attempt++) {
    try {
      (await Deno.connect({ hostname: "127.0.0.1", port })).close();
      return;
    } catch (error) {
      if (attempt === 100) throw error;
      await new Promise((done) => setTimeout(done, 50));
    }
  }
}

function freePort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}

async function run([program, ...args]: readonly string[]): Promise<void> {
  const { success, stdout, stderr } = await new Deno.Command(program!, { args, stdin: "null" }).output();
  if (success) return;
  const text = new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr);
  throw new Error(`${program} failed: ${text}`);
}
