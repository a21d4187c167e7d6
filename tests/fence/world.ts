/** A world to break out of: files, sockets and a process that are out of bounds, and a child in the middle. */
import type { World } from "./act.ts";

/** A world, and its end. */
export interface LivingWorld extends AsyncDisposable {
  readonly world: World;
  /** All of its files are in here. */
  readonly directory: string;
}

/** Makes one. */
export async function makeWorld(): Promise<LivingWorld> {
  const stack = new AsyncDisposableStack();
  const directory = await Deno.realPath(await Deno.makeTempDir({ prefix: "airlock-fence-" }));
  stack.defer(() => Deno.remove(directory, { recursive: true }));
  const path = (name: string) => `${directory}/${name}`;
  const outside = path("outside"), mount = path("mount"), readOnly = path("read-only"), cache = path("cache");
  const canary = `canary ${crypto.randomUUID()}`;
  for (const name of [outside, mount, readOnly, cache, `${mount}/sockets`]) await Deno.mkdir(name);
  const texts = {
    "outside/secret": canary,
    "outside/module.ts": `export const canary = ${JSON.stringify(canary)};`,
    "outside/writable": "as it was",
    "outside/removable": "",
    "outside/movable": "",
    "mount/file": "granted",
    "mount/movable": "",
    "read-only/file": "granted",
    "read-only/renamable": "",
    "source.ts": "",
  };
  for (const [name, text] of Object.entries(texts)) await Deno.writeTextFile(path(name), text);
  for (const name of ["outside/library", "mount/library"]) await Deno.copyFile(someLibrary(), path(name));
  await Deno.symlink("/somewhere", path("outside/somewhere"));
  await Deno.symlink("secret", path("outside/relative"));
  await Deno.symlink("../outside/secret", path("mount/link"));
  await Deno.symlink("../outside", path("mount/links"));

  const listen = (hostname = "127.0.0.1", port = 0) => stack.use(Deno.listen({ hostname, port })).addr.port;
  const granted = listen(), notGranted = listen();
  // Another address of this host, same port.
  listen("127.0.0.2", granted);
  const web = await serve(stack);
  const datagrams = await listenDatagrams(stack);
  const socket = path("mount/sockets/socket"), abstractSocket = `\0airlock-${crypto.randomUUID()}`;
  await listenUnix(stack, socket);
  await listenUnix(stack, abstractSocket);

  const command = new Deno.Command("sleep", { args: ["600"], env: { SECRET: canary }, stdin: "null" });
  const victim = command.spawn();
  stack.defer(async () => {
    victim.kill("SIGKILL");
    await victim.status;
  });
  return {
    directory,
    world: {
      ...{
        outside,
        mount,
        readOnly,
        cache,
        canary,
        granted,
        notGranted,
        web,
        datagrams,
        socket,
        abstractSocket,
      },
      secret: path("outside/secret"),
      outsideModule: path("outside/module.ts"),
      outsideLibrary: path("outside/library"),
      source: path("source.ts"),
      victim: victim.pid,
      parent: Deno.pid,
    },
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

/** A library that this process has loaded: one that will load again. */
function someLibrary(): string {
  const line = Deno.readTextFileSync("/proc/self/maps").split("\n").find((it) => /\/libm[.-]/.test(it));
  if (line === undefined) throw new Error("this process has no library of mathematics");
  return line.slice(line.indexOf("/"));
}

/** A web server. */
async function serve(stack: AsyncDisposableStack): Promise<number> {
  const { createServer } = await import("node:http");
  const server = createServer((_, response) => response.end("hello"));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", () => resolve()));
  stack.defer(() => new Promise<void>((resolve) => void server.close(() => resolve())));
  stack.defer(() => server.closeAllConnections());
  return (server.address() as { port: number }).port;
}

async function listenDatagrams(stack: AsyncDisposableStack): Promise<number> {
  const { createSocket } = await import("node:dgram");
  const socket = createSocket("udp4");
  await new Promise<void>((resolve) => socket.bind(0, "127.0.0.1", resolve));
  stack.defer(() => new Promise<void>((resolve) => void socket.close(resolve)));
  return socket.address().port;
}

async function listenUnix(stack: AsyncDisposableStack, path: string): Promise<void> {
  const { createServer } = await import("node:net");
  const server = createServer((socket) => socket.destroy());
  await new Promise<void>((resolve) => server.listen(path, resolve));
  stack.defer(() => new Promise<void>((resolve) => void server.close(() => resolve())));
}
