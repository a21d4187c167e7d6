/**
 * A server that goes on listening while the application behind it is loaded anew.
 *
 * @module
 */
import type { Registry } from "../registry/registry.ts";
import type { OpenOptions } from "./app_open.ts";
import { type Door, serveAt } from "./listen.ts";
import type { Changes } from "./reload_changes.ts";
import { Front } from "./reload_front.ts";
import type { ServeOptions, Server } from "./serve.ts";

/** What a server is to answer with, ready. */
export interface Prepared {
  /** What stays as it is, whatever is declared. */
  readonly remarks: readonly string[];
  /**
   * From now on it does.
   *
   * @returns Resolves when the requests are over that came before.
   */
  commit(): Promise<void>;
}

/** A server whose answers can be changed. */
export interface LiveServer extends Server {
  /**
   * Makes ready what it is to answer with.
   *
   * @param open The application, as it will be.
   * @param changes What differs then.
   * @throws {ConfigError | EntryError | IntegrityError | DecodeError | LinkError | MethodError | CapabilityError | CompartmentError}
   */
  prepare(open: OpenOptions, changes: Changes): Promise<Prepared>;
}

/**
 * Serves.
 *
 * @param doorsOf Makes ready what answers, of one version of an application: the same doors in the same order each time.
 * @param open The version to begin with.
 * @throws {ListenError} If an address cannot be listened on.
 * @throws What `doorsOf` throws.
 */
export async function serveLive(
  doorsOf: (open: OpenOptions) => Promise<readonly Door[]>,
  open: OpenOptions,
  options: ServeOptions,
): Promise<LiveServer> {
  const first = await doorsOf(open);
  const fronts = first.map(({ service }) => new Front(service));
  const places = first.map((door, i) => ({ ...door, service: fronts[i]! }));
  // What was made ready is the application's, and ends with it.
  const server = serveAt(places, options, () => Promise.resolve());
  let doors = first;
  const prepare = async (open: OpenOptions, changes: Changes): Promise<Prepared> => {
    const next = await doorsOf(open);
    const differ = new Set([...changes.changed, ...changes.added, ...changes.removed]);
    return {
      remarks: next.flatMap((door, i) => remarkOn(first[i]!, door, open.registry) ?? []),
      async commit() {
        const before = doors;
        // What nothing has changed for goes on as it is: it may have counted requests.
        doors = next.map((door, i) => isTouched(before[i]!, door, differ) ? door : before[i]!);
        const over = doors.map((door, i) => door === before[i] ? undefined : fronts[i]!.swap(door.service));
        await Promise.all(over);
      },
    };
  };
  return { ...server, prepare };
}

function isTouched(
  { uses: before = new Set() }: Door,
  { uses: after = new Set() }: Door,
  differ: Set<string>,
) {
  const uses = before.union(after);
  return uses.size > before.size || uses.size > after.size || !uses.isDisjointFrom(differ);
}

/** What cannot be changed while it listens. */
function remarkOn(first: Door, next: Door, registry: Registry): string | undefined {
  const { entry, hostname, port } = next;
  if (next.declared && registry.get(entry)?.id !== entry) {
    return `${entry} is gone, and listens until a restart: it answers 404`;
  }
  if (first.hostname !== hostname || first.port !== port) {
    return `${entry} listens where it did: to have it at ${hostname}:${port} needs a restart`;
  }
  if (first.tls?.cert !== next.tls?.cert || first.tls?.key !== next.tls?.key) {
    return `${entry} has the certificate that it had: another one needs a restart`;
  }
  return undefined;
}
