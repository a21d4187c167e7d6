/** Routes, compared with the `ServeMux` whose rules they follow: conflicts, matches, captures, redirects, methods. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { parsePattern, printPattern } from "../../src/transport/pattern.ts";
import { type Found, Routes } from "../../src/transport/routes.ts";
import { cleanPath, normalPath, unescapePath } from "../../src/transport/path.ts";
import { has, inRepository } from "../support/airlock.ts";

/** How many sets of patterns are tried. Each comes with up to twelve requests. */
const CASES = 4000;

interface Answer {
  readonly Status: number;
  readonly Pattern: string;
  readonly Values: Readonly<Record<string, string>> | null;
  readonly Location: string;
  readonly Allow: string;
}

interface Outcome {
  readonly Patterns: readonly ("" | "conflict" | "wrong")[];
  readonly Answers: readonly Answer[];
}

/** A program in Go that is asked one case after the other. */
class Oracle implements AsyncDisposable {
  readonly #child: Deno.ChildProcess;
  readonly #writer: WritableStreamDefaultWriter<Uint8Array>;
  readonly #lines: ReadableStreamDefaultReader<string>;
  #rest = "";

  private constructor(program: string) {
    this.#child = new Deno.Command(program, { stdin: "piped", stdout: "piped", stderr: "inherit" }).spawn();
    this.#writer = this.#child.stdin.getWriter();
    this.#lines = this.#child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  }

  static async build(directory: string): Promise<Oracle> {
    const program = `${directory}/mux`;
    const { success, stderr } = await new Deno.Command("go", {
      args: ["build", "-o", program, inRepository("tests/transport/mux/main.go")],
      env: { GO111MODULE: "off", CGO_ENABLED: "0", GOFLAGS: "" },
    }).output();
    assert.ok(success, new TextDecoder().decode(stderr));
    return new Oracle(program);
  }

  async ask(patterns: readonly string[], requests: readonly string[]): Promise<Outcome> {
    const test = { Patterns: patterns, Names: NAMES, Requests: requests };
    await this.#writer.write(new TextEncoder().encode(`${JSON.stringify(test)}\n`));
    while (!this.#rest.includes("\n")) {
      const { value, done } = await this.#lines.read();
      assert.ok(!done, "the program has ended");
      this.#rest += value;
    }
    const end = this.#rest.indexOf("\n");
    const line = this.#rest.slice(0, end);
    this.#rest = this.#rest.slice(end + 1);
    return JSON.parse(line);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#writer.close();
    await this.#lines.cancel();
    await this.#child.status;
  }
}

const NAMES = ["x", "y", "z", "rest", "é", "_1"];

/** Few words, so that patterns meet. */
const word = fc.oneof(
  { weight: 8, arbitrary: fc.constantFrom("a", "b") },
  { weight: 4, arbitrary: fc.constantFrom("{x}", "{y}", "{z}") },
  {
    weight: 2,
    arbitrary: fc.constantFrom("c", "%61", "%c3%a9", "é", "a%2Fb", "%zz", "a.b", "~", "{é}", "{_1}"),
  },
  // Patterns that are none.
  {
    weight: 1,
    arbitrary: fc.constantFrom("", ".", "..", "{}", "{1}", "{x", "x}", "a{x}", "{x}b", "{$}", "{rest...}"),
  },
);
const last = fc.oneof(
  { weight: 5, arbitrary: word },
  { weight: 3, arbitrary: fc.constantFrom("", "{$}", "{rest...}", "{x...}") },
);
const method = fc.constantFrom("GET", "GET", "GET", "POST", "HEAD", "PUT", "OPTIONS", "DELETE", "");
const pattern = fc.record({
  method,
  path: fc.tuple(fc.array(word, { maxLength: 3 }), last).map(([words, last]) =>
    `/${[...words, last].join("/")}`
  ),
});

/** Escapes that a redirect of Go's resolves or escapes once more. */
const LOST = /%2[ef]/i;

const plain = fc.oneof(
  { weight: 8, arbitrary: fc.constantFrom("a", "b") },
  {
    weight: 3,
    arbitrary: fc.constantFrom("c", "x", "%61", "%62", "%C3%A9", "%ff", "a%2Fb", "a.b", "~", "%25"),
  },
  { weight: 2, arbitrary: fc.constantFrom("", ".", "..", "...", "%2e", "%2E%2e", "%7Bx%7D") },
  { weight: 1, arbitrary: fc.constantFrom("%", "%zz", "%4", ":x", "@", "$&'()*+,;=") },
);
/** What may not stand in a path and does: Go then writes the escapes of all of the path anew. */
const special = fc.constantFrom("a", "b", "", "..", "é", "{x}", "|", "\\", "^", '"', "<", "`");
const segments = fc.oneof(
  { weight: 6, arbitrary: fc.array(plain, { minLength: 1, maxLength: 5 }) },
  { weight: 1, arbitrary: fc.array(special, { minLength: 1, maxLength: 4 }) },
);
const request = fc.record({
  method: fc.constantFrom("GET", "GET", "GET", "HEAD", "POST", "PUT", "OPTIONS", "PATCH"),
  path: segments.map((words) => `/${words.join("/")}`),
  query: fc.constantFrom("", "", "?", "?q=1&r=%2F"),
});

Deno.test("routes do what Go's ServeMux does", async () => {
  if (!await has("go")) return console.log("skipped: go is not installed");
  const directory = await Deno.makeTempDir({ prefix: "airlock-mux-" });
  const seen: Record<string, number> = {};
  try {
    await using oracle = await Oracle.build(directory);
    await fc.assert(
      fc.asyncProperty(
        fc.array(pattern, { minLength: 1, maxLength: 7 }),
        fc.array(request, { minLength: 1, maxLength: 12 }),
        async (patterns, requests) => {
          const outcome = await oracle.ask(
            patterns.map(({ method, path }) => method === "" ? path : `${method} ${path}`),
            requests.map(({ method, path, query }) => `${method} ${path}${query}`),
          );
          const routes = new Routes<undefined>();
          for (const [i, { method, path }] of patterns.entries()) {
            const parsed = parsePattern(method, path);
            // Go takes an unclean path where a pattern is for all methods; no request ever gets there.
            if (method === "" && "wrong" in parsed && outcome.Patterns[i] !== "wrong") return;
            const state = "wrong" in parsed
              ? "wrong"
              : routes.add({ pattern: parsed, target: undefined }).length > 0
              ? "conflict"
              : "";
            assert.equal(state, outcome.Patterns[i], `${method} ${path}`);
            count(seen, `pattern ${state}`);
          }
          for (const [i, { method, path, query }] of requests.entries()) {
            const found = routes.find(method, path);
            count(seen, found.kind);
            compare(found, outcome.Answers[i]!, method, path, query);
          }
        },
      ),
      { numRuns: CASES },
    );
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
  // The sweep is no sweep if it misses one of these.
  for (const kind of ["route", "redirect", "method", "options", "nothing", "malformed"]) {
    assert.ok(seen[kind]! > 200, `${kind}: ${JSON.stringify(seen)}`);
  }
  for (const state of ["", "conflict", "wrong"]) {
    assert.ok(seen[`pattern ${state}`]! > 200, JSON.stringify(seen));
  }
});

function count(seen: Record<string, number>, what: string): void {
  seen[what] = (seen[what] ?? 0) + 1;
}

function compare(found: Found<undefined>, go: Answer, method: string, path: string, query: string): void {
  const what = `${method} ${path}: ${JSON.stringify(go)}, here ${JSON.stringify(found)}`;
  switch (found.kind) {
    case "malformed":
      return assert.equal(go.Status, 400, what);
    case "nothing":
      return assert.equal(go.Status, 404, what);
    case "redirect": {
      // 301 up to Go 1.25.
      assert.ok([301, 307].includes(go.Status), what);
      const [to = "", ...rest] = go.Location.split("?");
      assert.equal(rest.join("?"), query.slice(1), what);
      const adds = found.path !== cleanPath(normalPath(path)!);
      if (!adds) return assert.equal(unescapePath(to), found.path, what);
      if (!LOST.test(path)) assert.equal(unescapePath(to), unescapePath(found.path), what);
      return;
    }
    case "method":
    case "options": {
      assert.equal(found.kind === "options", method === "OPTIONS", what);
      assert.equal(go.Status, 405, what);
      const ours = found.allowed.filter((name) => name !== "OPTIONS");
      return assert.deepEqual(ours, go.Allow.split(", ").filter((name) => name !== "OPTIONS"), what);
    }
    case "route": {
      assert.equal(go.Status, 200, what);
      const { route: { pattern }, values } = found;
      assert.equal(printPattern(pattern), go.Pattern, what);
      const captured: Record<string, string> = Object.fromEntries(NAMES.map((name) => [name, ""]));
      for (const [i, name] of pattern.names.entries()) captured[name] = btoa(values[i]!);
      assert.deepEqual(captured, { ...go.Values }, what);
    }
  }
}
