import assert from "node:assert/strict";
import { eager } from "./eager.ts";
import { inRepository } from "./airlock.ts";

const AsyncFunction = (async () => {}).constructor as FunctionConstructor;

/** What code becomes, and that it returns what it returned. */
const CASES: readonly (readonly [title: string, code: string, becomes: string])[] = [
  ["a declaration", "return f(1);function f(a){return a+1}", "var f=(function(a){return a+1});return f(1);"],
  [
    "declarations that name each other, before they stand there",
    "let r=even(4);function even(n){return n===0||odd(n-1)}function odd(n){return n!==0&&even(n-1)}return r",
    "var even=(function(n){return n===0||odd(n-1)});var odd=(function(n){return n!==0&&even(n-1)});" +
    "let r=even(4);return r",
  ],
  [
    "one that is given another value",
    "function f(){f=()=>2;return 1}return[f(),f()]",
    "var f=(function(){f=(function(){return 2});return 1});return[f(),f()]",
  ],
  ["an arrow", "return[1,2].map(a=>a*2)", "return[1,2].map((function(a){return a*2}))"],
  ["an object of an arrow", "return(()=>({a:1}))().a", "return((function(){return {a:1}}))().a"],
  [
    "arrows in arrows",
    "return(a=>b=>a+b)(1)(2)",
    "return((function(a){return (function(b){return a+b})}))(1)(2)",
  ],
  [
    "an arrow that speaks of the function around it",
    "return new class{n=3;m(){return[1].map(a=>a+this.n)}}().m()",
    "return new class{n=3;m(){return[1].map((a=>a+this.n))}}().m()",
  ],
  [
    "an arrow's own function speaks for itself",
    "return(()=>(function(){return arguments.length})(1,2))()",
    "return((function(){return ((function(){return arguments.length}))(1,2)}))()",
  ],
  [
    "methods and getters",
    "return{m(){return 1},get g(){return 2},f:function(){return 3}}.g",
    "return{m(){return 1},get g(){return 2},f:(function(){return 3})}.g",
  ],
  [
    "patterns",
    "let{a=()=>1,b:{c=2}={}}={};return[a(),c]",
    "let{a=(function(){return 1}),b:{c=2}={}}={};return[a(),c]",
  ],
  [
    "generators",
    "return[...g()];function*g(){yield 1;yield 2}",
    "var g=(function*(){yield 1;yield 2});return[...g()];",
  ],
  [
    "what waits",
    "return await f();async function f(){return await(async()=>4)()}",
    "var f=(async function(){return await((async function(){return 4}))()});return await f();",
  ],
  [
    "a directive stays in front",
    'function f(){"use strict";return g();function g(){return this}}return f()===undefined',
    'var f=(function(){"use strict";var g=(function(){return this});return g();});return f()===undefined',
  ],
  [
    "a declaration in a block stays there",
    "let r=0;{r=f();function f(){return 5}}return r",
    "let r=0;{r=f();function f(){return 5}}return r",
  ],
  [
    "text that looks like code",
    "return`${(()=>1)()}function f(){}`",
    "return`${((function(){return 1}))()}function f(){}`",
  ],
];

for (const [title, code, becomes] of CASES) {
  Deno.test(`functions in parentheses: ${title}`, async () => {
    assert.equal(eager(code), becomes);
    assert.deepEqual(await new AsyncFunction(becomes)(), await new AsyncFunction(code)());
  });
}

Deno.test("functions in parentheses keep their names", async () => {
  const code = "function f(){}const g=()=>1;return[f.name,g.name]";
  assert.deepEqual(await new AsyncFunction(eager(code))(), ["f", "g"]);
});

Deno.test("what a command compiled is kept for its next start, though it becomes another process", async () => {
  const directory = await Deno.makeTempDir();
  try {
    const app = inRepository("examples/calculator/app.yaml");
    const { success, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["run", "--quiet", "-A", inRepository("main.ts"), "run", app, "demo:add", "20", "22"],
      env: { DENO_DIR: directory },
    }).output();
    assert.ok(success, new TextDecoder().decode(stderr));
    const kept = [...Deno.readDirSync(directory)].filter(({ name }) => name.startsWith("v8_code_cache"))
      .map(({ name }) => new TextDecoder("latin1").decode(Deno.readFileSync(`${directory}/${name}`)));
    assert.match(kept.join(""), /dist\/command\.js/);
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
});
