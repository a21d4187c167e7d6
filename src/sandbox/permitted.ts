/**
 * What this process may do, asked before it is tried: at a terminal, Deno would ask whoever sits there. As
 * `registry/permitted.ts`, for the rooms that start processes.
 *
 * @module
 */

/** Whether the process may start a program. Never asks anybody. */
export function mayRun(program: string): boolean {
  return Deno.permissions.querySync({ name: "run", command: program }).state === "granted";
}

/**
 * Makes sure that starting a program asks nobody.
 *
 * @param program Its file.
 * @throws {Deno.errors.NotCapable} With the flag that would allow it.
 */
export function checkRun(program: string): void {
  check({ name: "run", command: program }, program);
}

/**
 * Makes sure that reading something asks nobody.
 *
 * @param path What is to be read, or looked at.
 * @throws {Deno.errors.NotCapable} With the flag that would allow it.
 */
export function checkRead(path: string): void {
  check({ name: "read", path }, path);
}

function check(asked: Deno.PermissionDescriptor, what: string): void {
  // What a --deny flag forbids, Deno refuses by itself, and in its own words.
  if (Deno.permissions.querySync(asked).state !== "prompt") return;
  // A comma in a value is written twice.
  const flag = `--allow-${asked.name}=${what.replaceAll(",", ",,")}`;
  throw new Deno.errors.NotCapable(`Requires ${asked.name} access to "${what}", run again with ${flag}`);
}
