/** Services of an application that changes: those that have not changed run on. */
import assert from "node:assert/strict";
import type { RuntimeEvent, Services } from "../../mod.ts";
import { HEAD } from "../support/project.ts";
import { HOST, process, service, type Watched, watched } from "./supervise_support.ts";

const SLEEP = "test-sleep#sleep-ms";
const runs = (name: string, ms: number, lifecycle = "") =>
  service(name, "sleeper", lifecycle, "", `host: host, input: [${ms}]`);
const sleeper = (more = {}) => process("sleeper", "sleeper", SLEEP, more);

async function write(app: Watched, entries: string): Promise<void> {
  await Deno.writeTextFile(`${app.directory}/app.yaml`, HEAD + entries);
}

function states(services: Services): Record<string, string> {
  return Object.fromEntries(services.statuses.map(({ id, state }) => [id.slice(4), state]));
}

/** What has happened to services: `app:a stopped`. */
function ended(events: readonly RuntimeEvent[]): string[] {
  return events.flatMap((event) => event.type === "service-ended" ? `${event.entry} ${event.outcome}` : []);
}

Deno.test("services that have changed are restarted, new ones start, others that are gone stop", async () => {
  await using app = await watched(
    HOST + await sleeper() + runs("same", 3600000) + runs("other", 3600001) + runs("gone", 3600002),
  );
  const services = await app.start();
  assert.deepEqual(states(services), { same: "running", other: "running", gone: "running" });
  await write(
    app,
    HOST + await sleeper() + runs("same", 3600000) + runs("other", 3600003) + runs("new", 3600004),
  );
  const changes = await app.runtime.reload();
  assert.deepEqual(changes, { changed: ["app:other"], added: ["app:new"], removed: ["app:gone"] });
  assert.deepEqual(states(services), { same: "running", other: "running", new: "running" });
  await app.happened("call-started", "app:sleeper", 5);
  assert.deepEqual(ended(app.events.all).sort(), ["app:gone stopped", "app:other stopped"]);
  await services.stop();
  await app.happened("service-ended", "app:new");
  assert.equal(ended(app.events.all).length, 5, "each has ended once, and what took its place");
});

Deno.test("a service is restarted where its process, or its host, has changed", async () => {
  await using app = await watched(HOST + await sleeper() + runs("a", 3600000));
  await using services = await app.start();
  await write(app, HOST + await sleeper({ limits: "{max_memory_bytes: 10000000}" }) + runs("a", 3600000));
  assert.deepEqual((await app.runtime.reload()).changed, ["app:sleeper", "app:a"]);
  await app.happened("call-started", "app:sleeper", 2);
  await write(
    app,
    HOST.replace("auto_start", "startup: optional, auto_start") +
      await sleeper({ limits: "{max_memory_bytes: 10000000}" }) + runs("a", 3600000),
  );
  assert.deepEqual((await app.runtime.reload()).changed, ["app:host", "app:a"]);
  await app.happened("call-started", "app:sleeper", 3);
  assert.deepEqual(states(services), { a: "running" });
});

Deno.test("a service that could not be started refuses the reload, unless it is optional", async () => {
  await using app = await watched(HOST + await sleeper() + runs("a", 3600000));
  await using services = await app.start();
  const bad = (lifecycle: string) => service("bad", "sleeper", lifecycle, "", "host: host, input: [many]");
  await write(app, HOST + await sleeper() + runs("a", 1) + bad(""));
  await assert.rejects(app.runtime.reload(), /app:bad: input does not fit/);
  assert.deepEqual(states(services), { a: "running" });
  assert.deepEqual(ended(app.events.all.filter((event) => "entry" in event && event.entry === "app:a")), []);
  await write(app, HOST + await sleeper() + runs("a", 3600000) + bad("startup: optional"));
  await app.runtime.reload();
  await app.failures.find(({ service }) => service === "app:bad");
  assert.equal(states(services)["a"], "running");
});

Deno.test("services end when the last of them has, unless more may come", async () => {
  await using app = await watched(HOST + await sleeper() + runs("a", 1));
  await using services = await app.start();
  await services.finished;
  await using watching = await watched(HOST + await sleeper() + runs("a", 1), { watch: true });
  const waiting = await watching.start();
  await watching.happened("service-ended", "app:a");
  await write(watching, HOST + await sleeper() + runs("b", 1));
  await watching.happened("service-ended", "app:b");
  await waiting.stop();
  await waiting.finished;
  assert.deepEqual(ended(watching.events.all), ["app:a finished", "app:b finished"]);
});
