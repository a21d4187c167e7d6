/** The servers that guests of every host talk to: in this process, which waits for them. */

/** What is stopped at the end of its scope. */
export interface PeerServer extends AsyncDisposable {
  /** `127.0.0.1:1234` */
  readonly address: string;
}

/** Sends back what it gets, on every connection. */
export function echoServer(): PeerServer {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const done = (async () => {
    for await (const connection of listener) void echo(connection);
  })();
  return {
    address: `127.0.0.1:${listener.addr.port}`,
    [Symbol.asyncDispose]: async () => {
      listener.close();
      await done;
    },
  };
}

async function echo(connection: Deno.Conn): Promise<void> {
  using _ = connection;
  const buffer = new Uint8Array(65_536);
  try {
    for (let n; (n = await connection.read(buffer)) !== null;) {
      for (let at = 0; at < n;) at += await connection.write(buffer.subarray(at, n));
    }
  } catch {
    // A guest that went away without a word failed, and its own program says so.
  }
}

/** Answers every request with the same words. */
export function webServer(): PeerServer {
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    () => new Response("hello, world\n", { headers: { "content-type": "text/plain" } }),
  );
  return {
    address: `127.0.0.1:${server.addr.port}`,
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
}
