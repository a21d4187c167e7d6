/** Files of the repository, for tests that read them. */

/** The path of a `file:` URL. */
export function fromFileUrl(url: URL): string {
  return decodeURIComponent(url.pathname);
}

/** All files below a directory. */
export function* walk(directory: string): Generator<string> {
  for (const entry of Deno.readDirSync(directory)) {
    const path = `${directory.replace(/\/$/, "")}/${entry.name}`;
    if (entry.isDirectory) yield* walk(path);
    else yield path;
  }
}

/** A path as seen from a directory above it. */
export function relative(directory: string, path: string): string {
  return path.slice(directory.endsWith("/") ? directory.length : directory.length + 1);
}
