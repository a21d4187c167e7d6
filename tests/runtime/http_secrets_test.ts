/** Options of HTTP entries that variables fill: no message of what is wrong with them holds any of their values. */
import assert from "node:assert/strict";
import { load } from "../../src/registry/load.ts";
import { ConfigError } from "../../mod.ts";
import { printIssue } from "../../src/config/issue.ts";
import { check, printFinding } from "../../src/runtime/check.ts";
import { project } from "../support/project.ts";

/** Everything that is said of an application whose variable `V` is this. */
async function said(value: string, entries: string): Promise<string> {
  const head = `namespace: app
entries:
  - {name: s, kind: env.storage.static, values: {V: ${JSON.stringify(value)}}}
  - {name: v, kind: env.variable, variable: V, storage: s}
  - {name: web, kind: http.service, addr: ":0"}
  - {name: fs, kind: fs.directory, directory: .}
  - {name: f, kind: function.wasm, fs: fs, path: none.wasm, hash: "sha256:${"0".repeat(64)}", method: run}
`;
  await using folder = await project({ "app.yaml": head + entries });
  try {
    const registry = load(`${folder.directory}/app.yaml`);
    return [...registry.warnings.map(printIssue), ...(await check(registry)).map(printFinding)].join("\n");
  } catch (error) {
    assert.ok(error instanceof ConfigError, String(error));
    return error.message;
  }
}

const router = (more: string) => `  - {name: r, kind: http.router, meta: {server: web}, ${more}}\n`;
const option = (name: string, key: string, value = "${env:V}") =>
  `middleware: [${name}], options: {"${key}": "${value}"}`;
const endpoint = "  - {name: e, kind: http.endpoint, meta: {router: r}, func: f, method: GET, path: /x}\n";
const files = (more: string) => `  - {name: x, kind: http.static, meta: {server: web}, fs: fs, ${more}}\n`;

/** Of each value the part `canary` is secret; it is wrong wherever it stands. */
const ROWS: readonly (readonly [value: string, entries: string, shown?: string])[] = [
  ["https://a.example, ht!tp*://canary", router(option("cors", "cors.allow.origins"))],
  ["https://a.example, ht!tp*://canary", router(option("cors", "allow_origins"))],
  ["GET, b@canary", router(option("cors", "cors.allow.methods"))],
  ["x-a,x canary", router(option("cors", "cors.allow.headers"))],
  ["x-a,x canary", router(option("cors", "cors.expose.headers"))],
  ["canary", router(option("cors", "cors.allow.credentials"))],
  ["canary", router(option("cors", "cors.max.age"))],
  ["10.0.0.0/8, canary/8", router(option("real_ip", "real_ip.trusted.subnets"))],
  ["10.0.0.0/8, canary/8", router(option("real_ip", "trusted_subnets"))],
  [
    "canary/8",
    router(option("real_ip", "real_ip.trusted.subnets", "10.0.0.0/8, ${env:V}, 1.1.1.1")),
    '"10.0.0.0/8, ${env:V}, 1.1.1.1"',
  ],
  ["canary", router(option("real_ip", "real_ip.trust_all"))],
  ["canary", router(option("compress", "compress.level"))],
  ["canary", router(option("ratelimit", "ratelimit.window"))],
  ["canary", router(option("ratelimit", "ratelimit.key"))],
  [
    "10.0.0.0/8, canary/8",
    router(`post_${option("real_ip", "real_ip.trusted.subnets").replace("opt", "post_opt")}`),
  ],
  ["canary", router('middleware: ["${env:V}"]')],
  ["/{canary", router('prefix: "${env:V}"') + endpoint],
  ["/a/{x}{canary}", router("prefix: /a") + endpoint.replace("/x", '"${env:V}"')],
  ["10.0.0.0/8, canary/8", files(`path: /, ${option("real_ip", "real_ip.trusted.subnets")}`)],
  ["canary\u00e9", files('path: /, static_options: {cache: "${env:V}"}')],
  ["/{canary", files('path: "${env:V}"')],
];

Deno.test("what is wrong with an option that a variable fills is said without any part of its value", async () => {
  for (const [value, entries, shown = '"${env:V}"'] of ROWS) {
    const message = await said(value, entries);
    assert.ok(!message.includes("canary"), message);
    assert.ok(message.includes(shown), `${entries}\n${message}`);
    // It is the value that is wrong: the same that stands in the file is told.
    assert.match(
      await said("", entries.replace("${env:V}", JSON.stringify(value).slice(1, -1))),
      /canary/,
      entries,
    );
  }
});
