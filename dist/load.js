// Evaluates a program that `deno task bundle` has made: parts, each the body of a function that returns its exports.
// They are evaluated, not imported: Deno parses every module by itself before V8 does, which takes longer than running it.

/** What a part is: called with the way to other parts and the address of the sources. */
const Part = (async () => {}).constructor;

/**
 * @param {string} text The parts by name, in JSON.
 * @param {string} root The address of the repository's folder.
 * @param {(() => Promise<{ default: string }>)[]} [more] Where other parts are, in the order to look.
 * @returns {(name: string) => Promise<unknown>} Evaluates a part, once.
 */
export function load(text, root, more = []) {
  const parts = JSON.parse(text);
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
        Object.assign(parts, JSON.parse(module.default));
        next = undefined;
      });
      await next;
    }
    return await new Part("AIRLOCK_part", "AIRLOCK_url", parts[name])(part, url);
  };
  return part;
}
