/** Patterns of paths: what one is, which of two is the more specific one, and where requests lead. */
import assert from "node:assert/strict";
import { conflictOf } from "../../src/transport/conflict.ts";
import { cleanPath, normalPath, textOf, unescapePath } from "../../src/transport/path.ts";
import { parsePattern, type Pattern, printPattern } from "../../src/transport/pattern.ts";
import { type Found, Routes } from "../../src/transport/routes.ts";

function pattern(text: string): Pattern {
  const space = text.indexOf(" ");
  const parsed = parsePattern(text.slice(0, Math.max(0, space)), text.slice(space + 1));
  if ("wrong" in parsed) assert.fail(`${text} ${parsed.wrong}`);
  return parsed;
}

function routes(...patterns: string[]): Routes<string> {
  const all = new Routes<string>();
  for (const text of patterns) assert.deepEqual(all.add({ pattern: pattern(text), target: text }), [], text);
  return all;
}

const WRONG: readonly (readonly [path: string, wrong: RegExp])[] = [
  ["", /^must begin with \/$/],
  ["a", /^must begin with \/$/],
  ["/a//b", /^has empty segments/],
  ["/a/./b", /^has empty segments, \. or \.\./],
  ["/a/..", /^has empty segments/],
  ["/a{x}", /^has a\{x\}: what is captured must be a whole segment/],
  ["/{x}b", /^has \{x\}b: what is captured/],
  ["/{x", /^has \{x: what is captured/],
  ["/{}", /^has \{\}: a name is letters, digits and _/],
  ["/{1a}", /^has \{1a\}: a name is/],
  ["/{a-b}", /^has \{a-b\}: a name is/],
  ["/:", /^has \{\}: a name is/],
  ["/:a-b", /^has \{a-b\}: a name is/],
  ["/{x}/{x}", /^captures \{x\} twice$/],
  ["/:x/{x...}", /^captures \{x\} twice$/],
  ["/{x...}/a", /^has \{x\.\.\.\} before its end$/],
  ["/{$}/a", /^has \{\$\} before its end$/],
];

Deno.test("what is no pattern is told why", () => {
  for (const [path, expected] of WRONG) {
    const parsed = parsePattern("GET", path);
    assert.ok("wrong" in parsed, path);
    assert.match(parsed.wrong, expected, path);
  }
});

Deno.test("a pattern knows its segments and what it captures; :name is {name}", () => {
  const { segments, names } = pattern("GET /users/:id/%66iles/{été}/{rest...}");
  assert.deepEqual(segments, [
    { kind: "literal", text: "users" },
    { kind: "one", name: "id" },
    { kind: "literal", text: "files" },
    { kind: "one", name: "été" },
    { kind: "rest", name: "rest" },
  ]);
  assert.deepEqual(names, ["id", "été", "rest"]);
  assert.deepEqual(pattern("GET /a/").segments.at(-1), { kind: "rest", name: "" });
  assert.deepEqual(pattern("GET /a/{$}").segments.at(-1), { kind: "end" });
  assert.equal(printPattern(pattern("GET /a/:b")), "GET /a/:b");
  assert.equal(printPattern(pattern(" /a")), "/a");
});

const CONFLICTS: readonly (readonly [a: string, b: string, why: RegExp | undefined])[] = [
  ["GET /a", "GET /a", /^GET \/a matches the same requests as GET \/a$/],
  ["GET /{x}", "GET /:y", /^GET \/\{x\} matches the same requests as GET \/:y$/],
  ["GET /a/", "GET /a/{x...}", /matches the same requests/],
  ["GET /%61", "GET /a", /matches the same requests/],
  ["GET /a/{x}", "GET /{y}/b", /both match GET \/a\/b, and neither is more specific$/],
  ["GET /{x}/b/", "GET /a/{y}/c", /both match GET \/a\/b\/c, and neither is more specific$/],
  ["GET /a/b", "HEAD /a/{x}", /^GET \/a\/b and HEAD \/a\/\{x\} both match HEAD \/a\/b/],
  [" /a/b", "GET /a/{x}", /both match GET \/a\/b/],
  ["GET /a", "GET /b", undefined],
  ["GET /a", "POST /a", undefined],
  ["GET /a", "HEAD /a", undefined],
  ["GET /a", " /a", undefined],
  ["GET /a/{x}", "POST /{y}/b", undefined],
  ["GET /a/{x}", "GET /a/b", undefined],
  ["GET /a/{$}", "GET /a/", undefined],
  ["GET /a/{$}", "GET /a/{x}", undefined],
  ["GET /{x}", "GET /", undefined],
  ["GET /a/{x...}", "GET /a/b/{y...}", undefined],
  ["GET /a/{x}/c", "GET /a/b", undefined],
];

Deno.test("two patterns conflict where a request matches both and neither is the more specific one", () => {
  for (const [a, b, why] of CONFLICTS) {
    for (const [one, other] of [[a, b], [b, a]] as const) {
      const found = conflictOf(pattern(one), pattern(other));
      assert.equal(found === undefined, why === undefined, `${one}, ${other}: ${found}`);
    }
    if (why) assert.match(conflictOf(pattern(a), pattern(b))!, why);
  }
});

Deno.test("a route in conflict is not added, and every conflict is told", () => {
  const all = routes("GET /a/{x}", "GET /b");
  const added = all.add({ pattern: pattern("GET /{y}/c"), target: "new" });
  assert.deepEqual(added.map(({ first, second }) => [first.target, second.target]), [["GET /a/{x}", "new"]]);
  assert.equal(all.all.length, 2);
  assert.deepEqual(all.find("GET", "/z/c"), { kind: "nothing" });
});

/** `pattern` and its captures, `-> path` of a redirect, or what else it is. */
function shown(found: Found<string>): string {
  switch (found.kind) {
    case "route":
      return [found.route.target, ...found.values].join(" | ");
    case "redirect":
      return `-> ${found.path}`;
    case "method":
    case "options":
      return `${found.kind} ${found.allowed.join(",")}`;
    default:
      return found.kind;
  }
}

const TABLE = routes(
  "GET /",
  "GET /users/{id}",
  "GET /users/me",
  "POST /users",
  "PUT /users/{id}",
  "GET /files/{path...}",
  "GET /exact/{$}",
  "GET /tree/",
  "DELETE /tree/leaf",
  "HEAD /only-head",
  "OPTIONS /own",
  "POST /own",
  "GET /caf%C3%A9",
  "GET /a%2Fb/{x}",
  "POST /x/y/z",
  "POST /x/{y}/w",
);

const FOUND: readonly (readonly [method: string, path: string, expected: string])[] = [
  ["GET", "/", "GET /"],
  ["GET", "", "GET /"],
  ["GET", "/whatever/there/is", "GET /"],
  ["GET", "/users/me", "GET /users/me"],
  ["GET", "/users/7", "GET /users/{id} | 7"],
  ["GET", "/users/m%65", "GET /users/me"],
  ["HEAD", "/users/7", "GET /users/{id} | 7"],
  ["GET", "/users/a%2Fb%20c", "GET /users/{id} | a/b c"],
  ["GET", "/users/7/", "GET /"],
  ["GET", "/users", "GET /"],
  ["POST", "/users", "POST /users"],
  ["POST", "/users/7", "method GET,HEAD,OPTIONS,PUT"],
  ["OPTIONS", "/users/7", "options GET,HEAD,OPTIONS,PUT"],
  ["GET", "/files/", "GET /files/{path...} | "],
  ["GET", "/files/a/b%2Fc", "GET /files/{path...} | a/b/c"],
  ["GET", "/files", "-> /files/"],
  ["GET", "/exact/", "GET /exact/{$}"],
  ["GET", "/exact", "-> /exact/"],
  ["GET", "/exact/more", "GET /"],
  ["GET", "/tree/leaf/vein", "GET /tree/"],
  ["GET", "/tree", "-> /tree/"],
  ["POST", "/tree", "method GET,HEAD,OPTIONS"],
  ["DELETE", "/tree/leaf", "DELETE /tree/leaf"],
  ["DELETE", "/tree/other", "method GET,HEAD,OPTIONS"],
  ["HEAD", "/only-head", "HEAD /only-head"],
  ["GET", "/only-head", "GET /"],
  ["OPTIONS", "/own", "OPTIONS /own"],
  ["PUT", "/own", "method GET,HEAD,OPTIONS,POST"],
  ["GET", "/caf%c3%a9", "GET /caf%C3%A9"],
  ["GET", "/café", "GET /caf%C3%A9"],
  ["GET", "/a%2fb/%ff", "GET /a%2Fb/{x} | \xff"],
  ["GET", "/a/b/c", "GET /"],
  ["POST", "/x/y/w", "POST /x/{y}/w | y"],
  ["POST", "/x/y/z", "POST /x/y/z"],
  ["GET", "//users//7", "-> /users/7"],
  ["GET", "/a/../users/./7", "-> /users/7"],
  ["GET", "/../../etc/passwd", "-> /etc/passwd"],
  ["GET", "/%2e%2e/x", "GET /"],
  ["GET", "//evil.example/..", "-> /"],
  ["GET", "/tree//..", "-> /"],
  ["GET", "//\\evil.example", "-> /%5Cevil.example"],
  ["GET", "/%", "malformed"],
  ["GET", "/%zz", "malformed"],
  ["GET", "/100%", "malformed"],
  ["PATCH", "/x/y/z", "method GET,HEAD,OPTIONS,POST"],
];

Deno.test("requests find the most specific route, a redirect, or which methods there are", () => {
  for (const [method, path, expected] of FOUND) {
    assert.equal(shown(TABLE.find(method, path)), expected, `${method} ${path}`);
  }
  assert.equal(shown(routes("GET /a").find("GET", "/b")), "nothing");
  assert.equal(shown(routes("POST /a/{$}").find("GET", "/a")), "method OPTIONS,POST");
  assert.equal(shown(routes(" /any/{x}").find("BREW", "/any/1")), " /any/{x} | 1");
});

Deno.test("a long path is matched without a deep stack, and each node is looked at once", () => {
  const names = "abcdefghijklmnop".split("");
  // Both branches at every level: were nodes looked at again and again, this would never end.
  const patterns = Array.from(
    { length: 1 << 10 },
    (_, bits) =>
      `GET /${names.slice(0, 10).map((name, i) => bits >> i & 1 ? `{${name}}` : "a").join("/")}/${bits}`,
  );
  const all = routes(...patterns);
  assert.equal(shown(all.find("GET", `/${"a/".repeat(10)}nothing`)), "nothing");
  assert.equal(shown(all.find("GET", `/${"a/".repeat(10)}0`)), `GET /${"a/".repeat(10)}0`);
  assert.equal(shown(all.find("GET", `/${"a/".repeat(30_000)}`)), "nothing");
  assert.equal(shown(routes("GET /").find("GET", `/${"a/".repeat(30_000)}`)), "GET /");
});

Deno.test("paths: cleaned, normal, decoded", () => {
  assert.equal(cleanPath("/a/b/"), "/a/b/");
  assert.equal(cleanPath("/a/./b/../c//"), "/a/c/");
  assert.equal(cleanPath("/.."), "/");
  assert.equal(cleanPath("/a/."), "/a");
  assert.equal(cleanPath("/a/.."), "/");
  assert.equal(cleanPath("/..."), "/...");
  assert.equal(normalPath('/{a}/"|\\^'), "/%7Ba%7D/%22%7C%5C%5E");
  assert.equal(normalPath("/%"), undefined);
  assert.equal(unescapePath("%e6%97%a5"), "\xe6\x97\xa5");
  assert.equal(textOf("\xe6\x97\xa5"), "日");
  assert.equal(textOf("\xff"), undefined);
  assert.equal(textOf("plain"), "plain");
});
