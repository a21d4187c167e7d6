/**
 * What this process may do, asked before it is tried. At a terminal, Deno asks whoever sits there for a permission that it
 * was not started with, and no switch of a running process turns that off: a question that stops everything, and that a
 * hasty "A" answers for good. To be asked first costs 5 to 10 microseconds, and is a refusal instead.
 *
 * @module
 */

/** Whether the process has a permission. Never asks anybody. */
export function may(asked: Deno.PermissionDescriptor): boolean {
  return Deno.permissions.querySync(asked).state === "granted";
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

/**
 * Makes sure that writing something asks nobody.
 *
 * @param path What is to be written, or made.
 * @throws {Deno.errors.NotCapable} With the flag that would allow it.
 */
export function checkWrite(path: string): void {
  check({ name: "write", path }, path);
}

/**
 * Makes sure that listening asks nobody.
 *
 * @param hostname The address, as the listener is given it.
 * @param port The port; 0 for any.
 * @throws {Deno.errors.NotCapable} With the flag that would allow it.
 */
export function checkListen(hostname: string, port: number): void {
  const host = `${hostname.includes(":") ? `[${hostname}]` : hostname}:${port}`;
  check({ name: "net", host }, host);
}

function check(asked: Deno.PermissionDescriptor, what: string): void {
  // What a --deny flag forbids, Deno refuses by itself, and in its own words.
  if (Deno.permissions.querySync(asked).state !== "prompt") return;
  // A comma in a value is written twice.
  const flag = `--allow-${asked.name}=${what.replaceAll(",", ",,")}`;
  throw new Deno.errors.NotCapable(`Requires ${asked.name} access to "${what}", run again with ${flag}`);
}
