// A service as browsers know it from service workers: a listener for the event "fetch".
addEventListener("fetch", (event) => event.respondWith(answer(event.request)));

// deno-lint-ignore require-await -- it answers a promise
async function answer(request) {
  const url = new URL(request.url);
  if (url.pathname === "/") {
    return new Response(`Hello, ${url.searchParams.get("name") ?? "world"}!\n`);
  }
  // Streams: what the client sends goes back as it comes.
  if (url.pathname === "/echo") return new Response(request.body);
  return new Response("no such page\n", { status: 404 });
}
