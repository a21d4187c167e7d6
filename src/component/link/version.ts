/**
 * Interface names and their versions: `wasi:io/streams@0.2.3`.
 *
 * @see https://github.com/WebAssembly/component-model/blob/main/design/mvp/Explainer.md#import-and-export-definitions
 * @module
 */

/** An interface name, split at its version. */
export interface InterfaceName {
  /** `wasi:io/streams`. */
  readonly base: string;
  /** `0.2.3`, or `undefined`. */
  readonly version: string | undefined;
}

/** Splits a name at its `@`. */
export function splitVersion(name: string): InterfaceName {
  const at = name.indexOf("@");
  return at < 0
    ? { base: name, version: undefined }
    : { base: name.slice(0, at), version: name.slice(at + 1) };
}

/**
 * The part of a version within which versions are compatible: `1` of 1.4.2, `0.2` of 0.2.3, `0.0.7` of
 * 0.0.7. A prerelease is compatible with itself only.
 */
export function compatibilityTrack(version: string): string {
  const [release = ""] = version.split("+");
  if (release.includes("-")) return release;
  const [major = "", minor = "", patch = ""] = release.split(".");
  if (major !== "0") return major;
  return minor !== "0" ? `0.${minor}` : `0.0.${patch}`;
}

/** Names as they are offered and asked for at every instantiation. More than this many are an attack. */
const MAX_KNOWN = 10_000;
const known = new Map<string, Track>();

/** A name without its version, and the track of that. */
interface Track {
  readonly base: string;
  /** `undefined` without a version. */
  readonly track: string | undefined;
}

function trackOf(name: string): Track {
  let found = known.get(name);
  if (found === undefined) {
    const { base, version } = splitVersion(name);
    found = { base, track: version === undefined ? undefined : compatibilityTrack(version) };
    if (known.size < MAX_KNOWN) known.set(name, found);
  }
  return found;
}

/** Finds what is offered for a name: exactly it, then without a version, then any compatible version. */
export class Offered<T> {
  readonly #exact = new Map<string, T>();
  readonly #tracks = new Map<string, Map<string, T>>();

  /** @param offers Interface names and what stands behind each. */
  constructor(offers: Iterable<readonly [string, T]>) {
    for (const [name, value] of offers) {
      this.#exact.set(name, value);
      const { base, track } = trackOf(name);
      if (track === undefined) continue;
      let tracks = this.#tracks.get(base);
      if (!tracks) this.#tracks.set(base, tracks = new Map());
      tracks.set(track, value);
    }
  }

  /** What is offered for a name. */
  get(name: string): T | undefined {
    const exact = this.#exact.get(name);
    if (exact !== undefined) return exact;
    const { base, track } = trackOf(name);
    const plain = this.#exact.get(base);
    if (plain !== undefined) return plain;
    if (track === undefined) return this.#tracks.get(base)?.values().next().value;
    return this.#tracks.get(base)?.get(track);
  }

  /** The versions offered under the same name, none of which may be compatible. */
  tracks(name: string): string[] {
    return [...(this.#tracks.get(trackOf(name).base)?.keys() ?? [])];
  }
}
