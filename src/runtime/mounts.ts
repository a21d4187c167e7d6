/**
 * What only the host itself can say of mounts: where their directories really are.
 *
 * @module
 */
import { CapabilityError } from "../grant/error.ts";
import type { Mount } from "../grant/grant.ts";
import { normalize, systemDirectory } from "../registry/host_path.ts";
import { checkRead, may } from "../registry/permitted.ts";

/** What is looked at beside the mounts themselves. */
export interface MountRules {
  /** Directories of the host that some guest may write to: a link inside one may be a guest's own. */
  readonly writable: readonly string[];
  /** What allows mounts of the system's directories; `undefined` where that is allowed. */
  readonly system: string | undefined;
  /** What declares the mounts, for messages. */
  readonly of: string;
}

/**
 * Finds where the directories of mounts really are, and fixes it: a mount shows the directory that was declared, not
 * what a guest has put in its place.
 *
 * @throws {CapabilityError} For a mount that leads to a directory of the system, or through a link that a guest could
 * have made.
 * @throws {Deno.errors.NotFound} For a directory that is not there or may not be read.
 */
export function settleMounts(mounts: readonly Mount[], rules: MountRules): Mount[] {
  const writable = rules.writable.flatMap((path) => [normalize(path), realPath(path) ?? normalize(path)]);
  return mounts.map((mount) => {
    const where = `${rules.of}: the mount of ${mount.host} at ${mount.guest}`;
    let real: string;
    try {
      checkRead(mount.host);
      real = Deno.realPathSync(mount.host);
    } catch (error) {
      const why = error instanceof Deno.errors.NotCapable
        ? `this process may not read it: add --allow-read=${mount.host}`
        : "there is no such directory";
      throw new Deno.errors.NotFound(`${where}: ${why}`);
    }
    if (rules.system !== undefined && systemDirectory(real) !== undefined) {
      const asked = `the mount of ${mount.host} at ${mount.guest}, which leads to ${real}`;
      throw new CapabilityError({ asked, allowed: [], wall: "link", hint: rules.system });
    }
    const link = linkInside(mount.host, writable);
    if (link !== undefined) {
      const asked = `the mount of ${mount.host} at ${mount.guest}, which leads through the link ${link}`;
      const hint =
        "a guest may write where the link is, and may have made it; declare the directory it leads to";
      throw new CapabilityError({ asked, allowed: [], wall: "link", hint });
    }
    return { ...mount, real };
  });
}

/** The first link on the way to a path that a guest may have made, all or part of which may be missing yet. */
export function linkInGuestsHands(path: string, writable: readonly string[]): string | undefined {
  return linkInside(path, writable.flatMap((root) => [normalize(root), realPath(root) ?? normalize(root)]));
}

/** The first link on the way to a path that lies in a directory that guests may write to. */
function linkInside(path: string, writable: readonly string[]): string | undefined {
  const parts = normalize(path).split("/").filter((part) => part !== "");
  let at = "";
  for (const part of parts) {
    const next = `${at}/${part}`;
    const inside = writable.some((root) => at === root || at.startsWith(`${root === "/" ? "" : root}/`));
    const isLink = linkAt(next);
    if (isLink && inside) return next;
    at = isLink ? realPath(next) ?? next : next;
  }
  return undefined;
}

/** Where the process may not look, no guest of it can write. */
function linkAt(path: string): boolean {
  if (!may({ name: "read", path })) return false;
  try {
    return Deno.lstatSync(path).isSymlink;
  } catch {
    return false;
  }
}

function realPath(path: string): string | undefined {
  if (!may({ name: "read", path })) return undefined;
  try {
    return Deno.realPathSync(path);
  } catch {
    return undefined;
  }
}
