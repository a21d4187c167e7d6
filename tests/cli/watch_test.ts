/** `serve --watch`: by the real command line, with an editor beside it. */
import assert from "node:assert/strict";
import { airlock, assertOutcome } from "../support/airlock.ts";
import { component, entry, hashOf, HEAD, project } from "../support/project.ts";
import { answers, web } from "../runtime/reload_support.ts";
import { Service } from "./serve_support.ts";

Deno.test("serve --watch: what changes is in force and printed, what is broken is printed, no request is lost", async () => {
  await using folder = await project({ "app.yaml": HEAD + answers("a", 1) + web(["a"]) });
  const { directory } = folder;
  const path = `${directory}/app.yaml`;
  await using service = await Service.start([path, "--watch"]);
  const ask = async (): Promise<string> => {
    const response = await fetch(`${service.url}/a`);
    assert.equal(response.status, 200);
    return await response.text();
  };
  assert.equal(await ask(), "1");
  let stop = false;
  const answered = new Set<string>();
  const load = Promise.all(Array.from({ length: 4 }, async () => {
    while (!stop) answered.add(await ask());
  }));
  await Deno.writeTextFile(path, HEAD + answers("a", 2) + web(["a"]));
  await service.until(/^reloaded: changed app:a$/m);
  assert.equal(await ask(), "2");
  await Deno.writeTextFile(path, HEAD + answers("a", 3) + web(["b"]));
  await service.until(/^airlock: nothing has changed: what was in force before still is$/m);
  assert.match(
    service.stderr,
    new RegExp(`^${path}:\\d+:\\d+: app:b-endpoint: func names app:b, which no entry declares`, "m"),
  );
  assert.equal(await ask(), "2");
  await Deno.writeTextFile(`${directory}/next`, HEAD + answers("a", 4) + answers("b", 5) + web(["a", "b"]));
  await Deno.rename(`${directory}/next`, path);
  await service.until(/^reloaded: changed app:a; added app:b, app:b-endpoint$/m);
  assert.equal(await ask(), "4");
  stop = true;
  await load;
  assert.deepEqual([...answered].filter((text) => !["1", "2", "4"].includes(text)), []);
  service.signal("SIGTERM");
  assert.deepEqual(await service.end(), { code: 0, stdout: "" });
});

Deno.test("serve --watch: a module that is not the declared one is an IntegrityError, and the old one stays", async () => {
  const calculator = component("examples/calculator/calculator.wasm");
  const add = entry({
    name: "a",
    path: "x.wasm",
    hash: await hashOf(calculator),
    method: "add",
    isolation: "inline",
  });
  await using folder = await project({
    "x.wasm": calculator,
    "app.yaml": HEAD + add + web(["a"]).replace("method: GET", "method: POST"),
  });
  await using service = await Service.start([`${folder.directory}/app.yaml`, "--watch"]);
  const ask = async () => await (await fetch(`${service.url}/a`, { method: "POST", body: "[1, 2]" })).text();
  const before = await ask();
  await Deno.writeFile(`${folder.directory}/x.wasm`, component("tests/guests/kinds/kinds.wasm"));
  await service.until(/IntegrityError: .*app:a: .*x\.wasm is not the file that was declared/);
  assert.equal(await ask(), before);
  await Deno.writeFile(`${folder.directory}/x.wasm`, calculator);
  service.signal("SIGTERM");
  assert.equal((await service.end()).code, 0);
});

Deno.test("serve --watch is of a configuration", async () => {
  const outcome = await airlock(["serve", "tests/guests/proxy/proxy.wasm", "--watch"]);
  assertOutcome(outcome, { code: 2, stderr: /^airlock: --watch is of a configuration\n/ });
});

Deno.test("serve --watch, started with exact flags: files are seen to change; what would widen it is refused by name", async () => {
  await using folder = await project({ "app.yaml": HEAD + answers("a", 1) + web(["a"]), "data/x": "" });
  const { directory } = folder;
  const path = `${directory}/app.yaml`;
  const flags = ["--no-prompt", `--allow-read=${path}`, "--allow-net=127.0.0.1"];
  await using service = await Service.start([path, "--watch"], flags);
  const ask = async () => await (await fetch(`${service.url}/a`)).text();
  assert.equal(await ask(), "1");
  // The directory is not this process's to read: only the file itself can be watched, and what takes its place.
  for (const n of [2, 3]) {
    await Deno.writeTextFile(`${directory}/next`, HEAD + answers("a", n) + web(["a"]));
    await Deno.rename(`${directory}/next`, path);
    await service.until(new RegExp(`(^reloaded: changed app:a\n[^]*){${n - 1}}`, "m"));
    assert.equal(await ask(), String(n));
  }
  const mounted = answers("a", 4, "imports: [wasi1], wasi: {mounts: [{fs: data, guest: /data}]}");
  const data = "  - {name: data, kind: fs.directory, directory: data}\n";
  await Deno.writeTextFile(path, HEAD + data + mounted + web(["a"]));
  await service.until(
    /NotCapable: .* this process may not do all that app:a declares; add --allow-read=\S+data /,
  );
  assert.equal(await ask(), "3");
  service.signal("SIGTERM");
  assert.equal((await service.end()).code, 0);
});
