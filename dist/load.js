// Evaluates a program that `deno task bundle` has made: parts, each a function that returns what its module exports, or the
// text of its body. Texts are for where Deno may keep nothing between two starts: it parses every module by itself before
// V8 does, which takes longer than running it.

/** What a part is: called with the way to other parts and the address of the sources. */
const Part = (async () => {}).constructor;

/**
 * @param {Parts | string} from The parts by name: functions, or a text in JSON.
 * @param {string} root The address of the repository's folder.
 * @param {(() => Promise<{ default: Parts | string }>)[]} [more] Where other parts are, in the order to look.
 * @returns {(name: string) => Promise<unknown>} Evaluates a part, once.
 */
export function load(from, root, more = []) {
  const parts = { ...read(from) };
  const left = [...more];
  const done = Object.create(null);
  // As deep in the folders as every source file: addresses relative to those are relative to this.
  const url = new URL("src/program/part.js", root).href;
  /** The next file, which is loaded once, whoever waits for it. */
  let next;
  const part = (name) => done[name] ??= evaluate(name);
  const evaluate = async (name) => {
    while (!Object.hasOwn(parts, name)) {
      if (next === undefined && left.length === 0) throw new Error(`there is no part ${name}`);
      next ??= left.shift()().then((module) => {
        Object.assign(parts, read(module.default));
        next = undefined;
      });
      await next;
    }
    const own = parts[name];
    return await (typeof own === "function" ? own : new Part("AIRLOCK_part", "AIRLOCK_url", own))(part, url);
  };
  return part;
}

/** @param {Parts | string} from */
function read(from) {
  return typeof from === "string" ? JSON.parse(from) : from;
}

/** @typedef {Record<string, string | ((part: unknown, url: string) => Promise<unknown>)>} Parts */
