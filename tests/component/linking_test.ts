import assert from "node:assert/strict";
import { Component, type Imports, LinkError, suspending, Trap } from "../../src/component/mod.ts";
import { compatibilityTrack, Offered, splitVersion } from "../../src/component/link/version.ts";
import { guest, hosts, thrown, written } from "./guests.ts";

function linkError(component: Component, imports: Imports): LinkError {
  const error = thrown(() => component.instantiateSync(imports));
  assert.ok(error instanceof LinkError, `${error}`);
  assert.ok(error instanceof TypeError);
  assert.equal(error.name, "LinkError");
  assert.equal(error.code, "link");
  return error;
}

Deno.test("all imports that are missing are named in one error, each interface once", () => {
  const error = linkError(guest("shell/shell"), {});
  const imported = [...guest("shell/shell").imports].flatMap(([name, type]) =>
    // An interface of which only plain types are used needs no host.
    type.kind === "instance" &&
      [...type.exports.values()].some((e) =>
        e.kind === "func" || e.kind === "type" && e.type.kind === "resource"
      )
      ? [name]
      : []
  );
  assert.deepEqual(error.imports, imported);
  for (const name of imported) assert.ok(error.message.includes(name), name);
});

Deno.test("functions that are missing of an interface that is there are named one by one", () => {
  const echo = "test:kinds/echo@0.1.0";
  const error = linkError(guest("kinds/forward"), { [echo]: { echoBool: () => {}, nothing: () => {} } });
  assert.equal(error.imports.length, 85 - 2);
  assert.equal(error.imports[0], `${echo}#echo-s8`);
});

Deno.test("an import by a resource is missing with the class, or with its method", () => {
  const logging = "test:resources/logging@0.1.0";
  const rest = { compare: () => 0, close: () => [], open: () => ({}) };
  assert.deepEqual(linkError(guest("resources/resources"), { [logging]: rest }).imports, [
    `${logging}#[constructor]logger`,
    `${logging}#[method]logger.log`,
    `${logging}#[method]logger.lines`,
    `${logging}#[static]logger.root`,
  ]);
  class Logger {
    log() {}
  }
  assert.deepEqual(linkError(guest("resources/resources"), { [logging]: { ...rest, Logger } }).imports, [
    `${logging}#[method]logger.lines`,
    `${logging}#[static]logger.root`,
  ]);
});

Deno.test("with `missing`, what is missing links, and fails with that error when it is called", () => {
  const asked: string[] = [];
  const missing = (from: string, func: string) => {
    asked.push(`${from} ${func}`);
    return new Error(`not here: ${func}`);
  };
  const { exports } = guest("minimal/minimal").instantiateSync({}, { missing });
  assert.deepEqual(asked, []);
  assert.equal(exports["compute"](6, 7), 42);
  assert.deepEqual(asked, []);
  assert.throws(() => exports["computeUsingHost"](1, 2), /^Error: not here: add$/);
  assert.deepEqual(asked, ["test:minimal/host@0.1.0 add"]);
  assert.throws(() => exports["compute"](6, 7), /instance is dead/);
});

Deno.test("with `missing`, methods and constructors of a resource fail likewise", () => {
  const missing = (from: string, func: string) => new Error(`not here: ${from} ${func}`);
  const start = () =>
    guest("resources/resources").instantiateSync({}, { missing }).exports["test:resources/driver@0.1.0"];
  assert.throws(
    () => start().logAll("p", []),
    /not here: test:resources\/logging@0.1.0 \[constructor\]logger/,
  );
  assert.throws(() => start().logRoot("x"), /\[static\]logger.root/);
  assert.throws(() => start().logTo({}, "x"), /\[method\]logger.log/);
});

Deno.test("with `missing`, an interface of an incompatible version is missing", () => {
  const missing = (from: string) => new Error(`not here: ${from}`);
  const host = { add: () => 0 };
  const { exports } = guest("minimal/minimal").instantiateSync({ "test:minimal/host@0.2.0": host }, {
    missing,
  });
  assert.throws(() => exports["computeUsingHost"](1, 2), /not here: test:minimal\/host@0.1.0/);
});

const wrong: [given: unknown, got: RegExp][] = [
  [5, /expected an object, got 5/],
  ["text", /expected an object, got "text"/],
  [null, /expected an object, got null/],
  [true, /expected an object, got true/],
];

Deno.test("an interface given as what is no object is told so", () => {
  for (const [given, got] of wrong) {
    const error = linkError(guest("minimal/minimal"), { "test:minimal/host@0.1.0": given });
    assert.match(error.message, /import test:minimal\/host@0.1.0 is an interface/);
    assert.match(error.message, got);
    assert.deepEqual(error.imports, ["test:minimal/host@0.1.0"]);
  }
});

Deno.test("a function given as what is none is told so", () => {
  for (const add of [5, "add", {}, null]) {
    const error = linkError(guest("minimal/minimal"), { "test:minimal/host@0.1.0": { add } });
    assert.deepEqual(error.imports, ["test:minimal/host@0.1.0#add"]);
  }
  assert.match(
    linkError(guest("minimal/minimal"), { "test:minimal/host@0.1.0": { add: 5 } }).message,
    /host@0.1.0#add \(expected a function, got 5\)/,
  );
});

Deno.test("interfaces may be given by modules: objects without a prototype, classes with statics, proxies", () => {
  const add = (a: number, b: number) => a + b;
  const bare = Object.assign(Object.create(null), { add });
  class Statics {
    static add = add;
  }
  const proxy = new Proxy({}, { get: (_, name) => name === "add" ? add : undefined });
  for (const host of [bare, Statics, proxy, { "add": add }]) {
    const { exports } = guest("minimal/minimal").instantiateSync({ "test:minimal/host": host });
    assert.equal(exports["computeUsingHost"](1, 2), 3);
  }
});

Deno.test("what every object has is no function of an interface", () => {
  const names = ["to-string", "value-of", "constructor", "has-own-property"];
  const component = written("inherited");
  const error = linkError(component, { "t:i/i": {} });
  assert.deepEqual(error.imports, [
    ...names.map((n) => `t:i/i#${n}`),
    "t:i/i#[constructor]thing",
    ...[
      "[method]thing.to-string",
      "[static]thing.call",
      "[static]thing.bind",
    ].map((n) => `t:i/i#${n}`),
  ]);
  class Thing {}
  assert.deepEqual(linkError(component, { "t:i/i": { Thing } }).imports.slice(names.length), [
    "t:i/i#[method]thing.to-string",
    "t:i/i#[static]thing.call",
    "t:i/i#[static]thing.bind",
  ]);
});

/** Whether what is offered under one version serves an import of another. */
const versions: [wanted: string | undefined, offered: string | undefined, fits: boolean][] = [
  ["0.2.3", "0.2.3", true],
  ["0.2.3", "0.2.8", true],
  ["0.2.8", "0.2.3", true],
  ["0.2.0", "0.2.12", true],
  ["0.2.3", "0.3.0", false],
  ["0.3.0", "0.2.3", false],
  ["0.2.3", "0.20.3", false],
  ["0.0.7", "0.0.7", true],
  ["0.0.7", "0.0.8", false],
  ["0.0.7", "0.7.0", false],
  ["1.0.0", "1.9.2", true],
  ["1.9.2", "1.0.0", true],
  ["1.0.0", "2.0.0", false],
  ["1.0.0", "10.0.0", false],
  ["1.0.0", "0.1.0", false],
  ["1.0.0-rc.1", "1.0.0-rc.1", true],
  ["1.0.0-rc.1", "1.0.0-rc.2", false],
  ["1.0.0-rc.1", "1.0.0", false],
  ["1.0.0", "1.0.0-rc.1", false],
  ["0.2.0-draft", "0.2.0", false],
  ["0.2.0+b.1", "0.2.3", true],
  ["0.2.0", "0.2.3+b.1", true],
  ["0.2.0+b-1", "0.2.3", true],
  ["0.2.3", undefined, true],
  [undefined, "0.2.3", true],
  [undefined, undefined, true],
];

Deno.test("an import is served by any compatible version, whichever is newer, and by no other", () => {
  const name = (version: string | undefined) => version === undefined ? "a:b/c" : `a:b/c@${version}`;
  for (const [wanted, offered, fits] of versions) {
    const found = new Offered([[name(offered), "it"]]).get(name(wanted));
    assert.equal(found, fits ? "it" : undefined, `${wanted} from ${offered}`);
    assert.equal(new Offered([["a:b/d@0.2.3", "other"], ["x:b/c", "other"]]).get(name(wanted)), undefined);
  }
});

Deno.test("the exact version is preferred, then one without a version, then a compatible one", () => {
  const all = [["a:b/c@0.2.8", "compatible"], ["a:b/c", "plain"], ["a:b/c@0.2.3", "exact"]] as const;
  assert.equal(new Offered(all).get("a:b/c@0.2.3"), "exact");
  assert.equal(new Offered(all.slice(0, 2)).get("a:b/c@0.2.3"), "plain");
  assert.equal(new Offered(all.slice(0, 1)).get("a:b/c@0.2.3"), "compatible");
  const three = new Offered([["a:b/c@0.2.8", "0.2"], ["a:b/c@0.3.0", "0.3"], ["a:b/c@1.0.0", "1"]]);
  assert.deepEqual(["0.2.0", "0.3.9", "1.5.0"].map((v) => three.get(`a:b/c@${v}`)), ["0.2", "0.3", "1"]);
});

Deno.test("names are split at the version, and versions told apart by their track", () => {
  assert.deepEqual(splitVersion("wasi:io/streams@0.2.3"), { base: "wasi:io/streams", version: "0.2.3" });
  assert.deepEqual(splitVersion("plain-name"), { base: "plain-name", version: undefined });
  const tracks = {
    "1.4.2": "1",
    "0.2.3": "0.2",
    "0.0.7": "0.0.7",
    "1.0.0-rc.1": "1.0.0-rc.1",
    "12.0.1": "12",
  };
  for (const [version, track] of Object.entries(tracks)) assert.equal(compatibilityTrack(version), track);
});

Deno.test("a component's imports are matched by version; what is given and not compatible is named", () => {
  const host = { f: () => {} };
  const component = written("versions");
  const names = ["minor", "patch", "major", "pre", "build", "none"];
  const give = (...versions: string[]): Imports =>
    Object.fromEntries(names.map((n, i) => [`t:${n}/i${versions[i] ?? versions[0]}`, host]));
  component.instantiateSync(give(""));
  component.instantiateSync(give("@0.2.9", "@0.0.7", "@1.0.0", "@1.0.0-rc.1", "@0.2.5", "@7.0.0"));
  const error = linkError(component, give("@0.3.0", "@0.0.8", "@2.0.0", "@1.0.0", "@0.3.0", "@1.0.0"));
  assert.deepEqual(error.imports, [
    "t:minor/i@0.2.3",
    "t:patch/i@0.0.7",
    "t:major/i@1.2.0",
    "t:pre/i@1.0.0-rc.1",
    "t:build/i@0.2.0+b.1",
  ]);
  assert.match(error.message, /t:minor\/i@0.2.3 \(given: version 0.3, which is not compatible\)/);
});

Deno.test("hosts of 0.2.12 serve guests of 0.2.3, 0.2.8 and 0.2.12", () => {
  for (const name of ["shell/shell", "sleeper/sleeper", "zig/lines"]) guest(name).instantiateSync(hosts());
});

const inc = new WebAssembly.Module(
  // (module (func (export "inc") (param i32) (result i32) local.get 0 i32.const 1 i32.add))
  Uint8Array.fromBase64("AGFzbQEAAAABBgFgAX8BfwMCAQAHBwEDaW5jAAAKCQEHACAAQQFqCw=="),
);
const empty = new WebAssembly.Module(Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0));

class Thing {
  static best = () => new Thing();
  weight() {
    return 7;
  }
}
const inner = { f: (x: number) => x + 100, Thing, deeper: { g: () => 9 } };
const good: Imports = {
  base: (x: number) => x * 3,
  lib: written("lib"),
  mod: inc,
  "t:outer/inner@1.0.0": inner,
};

Deno.test("components, core modules, functions and nested interfaces are taken as imports", () => {
  const { exports, suspends } = written("imports").instantiateSync(good);
  assert.equal(suspends, false);
  assert.equal(exports["twice"](5), 45);
  assert.equal(exports["inc"](5), 6);
  assert.equal(exports["f"](5), 105);
  assert.equal(exports["baseAgain"](5), 15);
  assert.equal(exports["g"](), 9);
});

Deno.test("a host function that goes in and out as it is suspends as it would", async () => {
  const base = suspending((x: number) => Promise.resolve(x * 3));
  const { exports } = written("imports").instantiateSync({ ...good, base });
  assert.equal(await exports["twice"](5), 45);
  assert.equal(await exports["baseAgain"](5), 15);
});

const bad: [what: string, given: Imports, imports: string[], message: RegExp][] = [
  [
    "nothing",
    {},
    ["base", "lib", "mod", "t:outer/inner@1.0.0"],
    /lib \(a component\), mod \(a core module\)/,
  ],
  ["a module for a component", { ...good, lib: inc }, ["lib"], /lib \(expected a component, got/],
  [
    "a component for a module",
    { ...good, mod: written("lib") },
    ["mod"],
    /mod \(expected a core module, got/,
  ],
  ["bytes for a component", { ...good, lib: Uint8Array.of(0) }, ["lib"], /expected a component/],
  [
    "a component of another type",
    { ...good, lib: written("not_lib") },
    ["lib"],
    /import lib is a component: /,
  ],
  [
    "a component that wants more",
    { ...good, lib: guest("minimal/minimal") },
    ["lib"],
    /import lib is a component: /,
  ],
  ["a module without the export", { ...good, mod: empty }, ["mod"], /it has no function `inc`/],
  [
    "a nested interface that is no object",
    {
      ...good,
      "t:outer/inner@1.0.0": { ...inner, deeper: 5 },
    },
    ["t:outer/inner@1.0.0#deeper"],
    /is an interface: expected an object, got 5/,
  ],
  [
    "a nested interface without its function",
    {
      ...good,
      "t:outer/inner@1.0.0": { ...inner, deeper: {} },
    },
    ["t:outer/inner@1.0.0#deeper#g"],
    /missing/,
  ],
  [
    "a nested interface that is missing",
    {
      ...good,
      "t:outer/inner@1.0.0": { ...inner, deeper: undefined },
    },
    ["t:outer/inner@1.0.0#deeper"],
    /missing/,
  ],
  ["a function that is a class's method only", { ...good, base: { add: () => 1 } }, ["base"], /base/],
];

for (const [what, given, imports, message] of bad) {
  Deno.test(`imports that do not fit are refused: ${what}`, () => {
    const error = linkError(written("imports"), given);
    assert.deepEqual(error.imports, imports);
    assert.match(error.message, message);
  });
}

Deno.test("a core module that imports what the component does not give it is refused", () => {
  // `inc` imports a function that no instantiation of it gives.
  const needy = new WebAssembly.Module(
    // (module (import "x" "y" (func)) (func (export "inc") (param i32) (result i32) local.get 0))
    Uint8Array.fromBase64("AGFzbQEAAAABCQJgAABgAX8BfwIHAQF4AXkAAAMCAQEHBwEDaW5jAAEKBgEEACAACw=="),
  );
  assert.match(linkError(written("imports"), { ...good, mod: needy }).message, /it wants `x` `y`/);
});

Deno.test("the components of one import may be instantiated by many, each with its own state", () => {
  const a = written("imports").instantiateSync({ ...good, base: (x: number) => x + 1 }).exports;
  const b = written("imports").instantiateSync({ ...good, base: (x: number) => x + 2 }).exports;
  assert.deepEqual([a["twice"](0), b["twice"](0)], [2, 4]);
  assert.throws(() => {
    written("imports").instantiateSync({ ...good, base: () => "x" }).exports["twice"](0);
  }, /base returned "x" for result, expected u32/);
  assert.equal(a["twice"](0), 2);
});

Deno.test("a trap in a component that was imported ends the one that imported it", () => {
  const boom = new Trap("boom");
  const base = () => {
    throw boom;
  };
  const { exports } = written("imports").instantiateSync({ ...good, base });
  assert.equal(thrown(() => exports["twice"](0)), boom);
  assert.throws(() => exports["inc"](0), /instance is dead/);
});
