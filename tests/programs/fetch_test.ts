/** `fetch` of a JavaScript component, which is wasi:http, with nginx. */
import assert from "node:assert/strict";
import { airlock, assertOutcome } from "../support/airlock.ts";
import { nginxServer } from "../support/servers.ts";
import { closedPort, peer } from "../guests/peers.ts";
import { javascriptProgram, orSkipped } from "./build.ts";

const program = await orSkipped("JavaScript", javascriptProgram);

/** Files to read and to put, a place that tells what it has heard, and one that tells the query. */
const CONFIGURATION = `
  client_max_body_size 100m;
  location / { root DIRECTORY/files; default_type text/plain; add_header x-heard $http_x_word; }
  location /upload/ { root DIRECTORY/files; dav_methods PUT; create_full_put_path on; }
  location /heard { proxy_pass http://127.0.0.1:PORT/told; }
  location /told { return 200 "$request_method $content_length $content_type"; }
  location /query { return 200 "query $args"; }
`;

const javascript = (rules: readonly string[], ...steps: readonly (readonly string[])[]) => {
  const words = steps.flatMap((step, i) => i === 0 ? step : [",", ...step]);
  return airlock(["exec", program!, ...rules.flatMap((rule) => ["--net", rule]), "--", ...words]);
};

Deno.test({
  name: "fetch gets, puts and posts streams, and reads a large answer",
  ignore: program === undefined,
}, async () => {
  await using server = await nginxServer(CONFIGURATION);
  if (server === undefined) return console.log("skipped: nginx is not installed");
  const { port, directory } = server;
  await Deno.writeTextFile(`${directory}/files/hello.txt`, "Hello from nginx\n");
  const large = Uint8Array.from({ length: 3_000_000 }, (_, i) => i % 251);
  await Deno.writeFile(`${directory}/files/large.bin`, large);
  const url = `http://127.0.0.1:${port}`;
  const outcome = await javascript(
    [url],
    ["get", `${url}/hello.txt`],
    ["get", `${url}/nothing.txt`],
    ["put", `${url}/upload/stream.bin`, "250"],
    ["post", `${url}/heard`, "40"],
    ["read", `${url}/large.bin`],
    ["many", `${url}/query`, "50"],
  );
  const { stdout, ...rest } = outcome;
  const lines = stdout.split("\n");
  assert.equal(lines[0], "200 true text/plain from a guest Hello from nginx");
  assert.match(stdout, /\n404 false text\/html null <html>/);
  const sum = large.reduce((sum, byte, i) => i % 97 === 0 ? sum + byte : sum, 0);
  assert.deepEqual(lines.slice(-5), [
    "put 201",
    "post 200 POST 400000 text/x-stream",
    `read ${large.length} ${sum}`,
    "many 50",
    "",
  ]);
  assertOutcome({ ...rest, stdout: "" }, {});
  const stored = await Deno.readTextFile(`${directory}/files/upload/stream.bin`);
  assert.ok(stored === "0123456789".repeat(250_000), `${stored.length} bytes were stored`);
});

Deno.test({
  name: "fetch fails where nobody listens, and where no rule allows it",
  ignore: program === undefined,
}, async () => {
  await using denied = peer();
  const closed = `http://127.0.0.1:${closedPort()}`;
  const outcome = await javascript(
    [closed],
    ["failing", `${closed}/`],
    ["failing", `http://${denied.address}/`],
    ["failing", `http://localhost:${denied.port}/`],
  );
  assertOutcome(outcome, { stdout: "failed true\nfailed true\nfailed true\n" });
  assert.equal(denied.accepted, 0);
});
