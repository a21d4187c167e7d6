import assert from "node:assert/strict";
import fc from "fast-check";
import { denied } from "../../src/grant/grant.ts";
import {
  denoJsonOf,
  flagsOf,
  flagsOfKind,
  KINDS,
  NOWHERE,
  permissionsOf,
  ScopeError,
  scopeOf,
  shellLine,
} from "../../src/scope/mod.ts";
import { grant } from "./support.ts";

Deno.test("flagsOf() has a flag for each kind that is not empty, and always one for imports", () => {
  assert.deepEqual(flagsOf(scopeOf(denied)), ["--allow-import=none.invalid:0"]);
  assert.deepEqual(flagsOf(scopeOf(denied, { read: ["/b", "/a"], net: true, import: ["jsr.io:443"] })), [
    "--allow-read=/a,/b",
    "--allow-net",
    "--allow-import=jsr.io:443",
  ]);
});

Deno.test("flagsOf() refuses what would be read as two values, naming it", () => {
  for (const value of ["/a,b", ",", "/a,", ",/a", "/a,,b"]) {
    assert.throws(() => flagsOf(scopeOf(denied, { read: ["/fine", value] })), (error) => {
      assert.ok(error instanceof ScopeError);
      assert.equal(error.value, value);
      assert.match(error.message, /separate values by commas; a permission set in deno\.json can$/);
      return true;
    });
  }
});

Deno.test("long lists are several flags, none too long for an argument", () => {
  const paths = Array.from({ length: 3000 }, (_, i) => `/${"x".repeat(100)}/${i}`);
  const flags = flagsOfKind("read", paths);
  assert.ok(flags.length > 1 && flags.every((flag) => flag.length < 128 * 1024));
  assert.deepEqual(flags.flatMap((flag) => flag.slice("--allow-read=".length).split(",")), paths);
  const [long] = flagsOfKind("read", [`/${"x".repeat(100_000)}`]);
  assert.equal(long!.length, 100_001 + "--allow-read=".length);
});

Deno.test("lists come apart again as they were put together", () => {
  const values = fc.array(fc.string({ minLength: 1 }).filter((text) => !/[,\0]/.test(text)), {
    minLength: 1,
  });
  fc.assert(fc.property(fc.constantFrom(...KINDS), values, (kind, values) => {
    const [flag, ...more] = flagsOfKind(kind, values);
    assert.deepEqual([flag!.slice(`--allow-${kind}=`.length).split(","), more], [values, []]);
  }));
});

Deno.test("permissionsOf() says every kind", () => {
  assert.deepEqual(permissionsOf(scopeOf(denied)), {
    ...{ read: false, write: false, net: false, env: false, sys: false, run: false, ffi: false },
    import: false,
  });
  const open = grant({ packages: ["wasi:sockets"], network: undefined });
  assert.deepEqual(permissionsOf(scopeOf(open, { read: ["/a,b"], env: ["A"] })), {
    ...{ read: ["/a,b"], write: false, net: true, env: ["A"], sys: false, run: false, ffi: false },
    import: false,
  });
});

Deno.test("denoJsonOf() says what is allowed, and of imports that nothing is", () => {
  assert.deepEqual(denoJsonOf(scopeOf(denied)), { import: [NOWHERE] });
  const open = grant({ packages: ["wasi:sockets"], network: undefined });
  const set = denoJsonOf(scopeOf(open, { read: ["/a,b", "/n\nl"], import: ["jsr.io:443"] }));
  assert.deepEqual(JSON.parse(JSON.stringify(set)), {
    read: ["/a,b", "/n\nl"],
    net: true,
    import: ["jsr.io:443"],
  });
});

Deno.test("shellLine() quotes what a shell would read otherwise, and nothing else", () => {
  const rows: readonly (readonly [string, string])[] = [
    ["--allow-read=/a/b.c_d-e,/f", "--allow-read=/a/b.c_d-e,/f"],
    ["--allow-net=10.0.0.0/8:80", "--allow-net=10.0.0.0/8:80"],
    ["--allow-net=*.a:1", "'--allow-net=*.a:1'"],
    ["--allow-net=[::1]:80", "'--allow-net=[::1]:80'"],
    ["--allow-read=/a b", "'--allow-read=/a b'"],
    ["--allow-read=/it's", `'--allow-read=/it'\\''s'`],
    ["--allow-read=/a\nb", "$'--allow-read=/a\\x0ab'"],
    ["--allow-read=/\x1b[2J'\\", "$'--allow-read=/\\x1b[2J\\'\\\\'"],
    ["--allow-read=/\u202e", "$'--allow-read=/\\xe2\\x80\\xae'"],
    ["--allow-read=/ü", "'--allow-read=/ü'"],
    ["", "''"],
  ];
  for (const [word, line] of rows) assert.equal(shellLine([word]), line);
  assert.equal(shellLine(["a", "b c"]), "a 'b c'");
});

Deno.test({
  name: "bash reads a shellLine() as the words that it was made of",
  ignore: Deno.build.os === "windows",
  fn: async () => {
    const odd = fc.constantFrom(
      "'",
      '"',
      "\\",
      "$",
      "`",
      "\n",
      "\x1b",
      " ",
      "*",
      "[",
      "!",
      "~",
      "#",
      "\u202e",
      "ü",
      "😀",
    );
    const word = fc.array(fc.oneof(odd, fc.string({ maxLength: 2 }).filter((text) => !text.includes("\0"))))
      .map((parts) => parts.join(""));
    const samples = fc.sample(fc.array(word, { minLength: 1 }), 50);
    const script = samples.map((words) => `printf '%s\\0' ${shellLine(words)}`).join("\n");
    const { stdout } = await new Deno.Command("bash", { args: ["-c", script] }).output();
    assert.deepEqual(new TextDecoder().decode(stdout).split("\0").slice(0, -1), samples.flat());
  },
});
