/**
 * What only the host itself can say of mounts: where their directories really are.
 *
 * @module
 */
import { CapabilityError } from "../grant/error.ts";
import type { Mount } from "../grant/grant.ts";
import { systemDirectory } from "../registry/host_path.ts";

/**
 * Refuses mounts that lead to directories of the system through a link. Those declared by name were refused before.
 *
 * @param hint What would allow it.
 * @throws {CapabilityError} For the first such mount.
 */
export function checkMounts(mounts: readonly Mount[], hint: string): void {
  for (const mount of mounts) {
    let real: string;
    try {
      real = Deno.realPathSync(mount.host);
    } catch {
      continue; // a directory that is not there shows nothing; the guest is told when it asks for it
    }
    if (systemDirectory(real) === undefined) continue;
    const asked = `the mount of ${mount.host} at ${mount.guest}, which leads to ${real}`;
    throw new CapabilityError({ asked, allowed: [], wall: "link", hint });
  }
}
