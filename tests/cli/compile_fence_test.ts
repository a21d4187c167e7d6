/** The fence table, behind what is left of the permissions that a compiled program was baked with. */
import assert from "node:assert/strict";
import { flagsOfPermissions, type Manifest, type Permissions } from "../../src/compile/manifest.ts";
import { grantedBy, ITSELF, together } from "../../src/compile/needs.ts";
import { plainSpec } from "../../src/compartment/spec.ts";
import { QUIET } from "../../src/compartment/start.ts";
import { runtimeVariables } from "../../src/sandbox/mod.ts";
import { scopeOf } from "../../src/scope/mod.ts";
import { denied } from "../../src/grant/grant.ts";
import { check } from "../fence/check.ts";
import { specOf } from "../fence/compartment.ts";
import { optionsOf } from "../fence/link.ts";
import { child, type Kind, runTable, runWorlds } from "../fence/table.ts";
import type { LivingWorld } from "../fence/world.ts";
import { inRepository } from "../support/airlock.ts";

/** In a program that may do everything that the table tries, and for other guests. */
async function start(kind: Kind, { directory, world }: LivingWorld): Promise<Deno.ChildProcess> {
  const spec = specOf("race", optionsOf(kind, world));
  const everything = ["/"];
  const others = scopeOf(denied, {
    ...{
      read: everything,
      write: everything,
      env: ["HOME", "PATH", "SECRET"],
      run: [ITSELF, Deno.execPath(), "/bin/sh", "/usr/bin/sleep"],
    },
    net: [world.notGranted, world.web, world.datagrams].map((port) => `127.0.0.1:${port}`),
  });
  const { read, write, net, env, run } = together([grantedBy(spec), others]);
  const permissions: Permissions = { read, write, net, env, run, ffi: true };
  const home = `${directory}/home`;
  await Deno.mkdir(`${home}/modules`, { recursive: true });
  await Deno.writeFile(`${home}/modules/it.wasm`, new Uint8Array(4));
  const manifest: Manifest = {
    ...{ airlock: "", config: "app.yaml", root: "/", overrides: [], files: {}, entries: [] },
    ...{ modules: { it: "modules/it.wasm" }, listen: { hostname: "", port: 0 }, permissions },
  };
  await Deno.writeTextFile(`${home}/manifest.json`, JSON.stringify(manifest));
  const script = `${directory}/fence.js`, first = `${directory}/first.js`;
  await bundle(child, script);
  await bundle(inRepository("tests/cli/compile_fence_child.ts"), first);
  const told = JSON.stringify(plainSpec({ ...spec, file: "/elsewhere/it.wasm" }));
  return new Deno.Command(Deno.execPath(), {
    args: [
      ...["run", ...QUIET, ...flagsOfPermissions(permissions), `--allow-read=${home}`],
      ...[`--preload=${first}`, script, kind, JSON.stringify(world), home, told],
    ],
    ...{ env: runtimeVariables(), clearEnv: true, stdin: "null", stdout: "piped", stderr: "piped" },
  }).spawn();
}

async function bundle(script: string, to: string): Promise<void> {
  const args = ["bundle", "--quiet", "--no-lock", "--platform", "deno", "-o", to, script];
  const { success, stderr } = await new Deno.Command(Deno.execPath(), { args, stdin: "null" }).output();
  assert.ok(success, new TextDecoder().decode(stderr));
}

Deno.test({
  name: "in a guest's process of a compiled program, JavaScript behind what it has not given up",
  ignore: Deno.build.os !== "linux",
  async fn(t) {
    await check(t, await runTable("none"), await runWorlds(start), "flags", Deno.uid() === 0);
  },
});
