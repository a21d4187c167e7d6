/**
 * Paths of the host as plain text, without asking the host: `/a/b`, and `C:\a\b` on Windows.
 *
 * @module
 */

const DRIVE = /^[A-Za-z]:(?=[\\/])/;

/** Whether a path starts at a root. */
export function isAbsolute(path: string): boolean {
  return path.startsWith("/") || path.startsWith("\\\\") || DRIVE.test(path);
}

/** A path without `.`, `..` and doubled separators. `..` at a root stays there; in front it is kept. */
export function normalize(path: string): string {
  const windows = DRIVE.test(path) || path.startsWith("\\\\");
  const drive = DRIVE.exec(path)?.[0] ?? "";
  const rest = path.slice(drive.length);
  const share = windows && drive === "" ? "\\\\" : "";
  const root = share || (isAbsolute(path) ? (windows ? "\\" : "/") : "");
  const parts: string[] = [];
  for (const part of rest.split(windows ? /[\\/]/ : "/")) {
    if (part === "" || part === ".") continue;
    if (part !== "..") parts.push(part);
    else if (parts.length > 0 && parts.at(-1) !== "..") parts.pop();
    else if (root === "") parts.push("..");
  }
  return drive + root + parts.join(windows ? "\\" : "/") || ".";
}

/** `path` as seen from `base`; an absolute path is itself. */
export function join(base: string, path: string): string {
  return normalize(isAbsolute(path) ? path : `${base === "" ? "." : base}/${path}`);
}

/** A path made absolute. Reading the working directory needs a permission: it is read only for a relative path. */
export function absolute(path: string, cwd: () => string): string {
  return isAbsolute(path) ? normalize(path) : join(cwd(), path);
}

/** The folder that holds a path; a root holds itself. */
export function parent(path: string): string {
  return join(path, "..");
}

const SYSTEM = ["/proc", "/sys", "/dev"];

/**
 * The directory of the system that a path is, or lies in: `/`, `/proc`, `/sys` or `/dev`. Through them a guest would
 * reach the process that serves it, every other one, and the machine's devices.
 */
export function systemDirectory(path: string): string | undefined {
  const clean = normalize(path);
  if (clean === "/") return clean;
  return SYSTEM.find((directory) => clean === directory || clean.startsWith(`${directory}/`));
}
