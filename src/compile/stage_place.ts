/**
 * The folder that a program is staged in, against what its application reads and shows: known before it is written.
 *
 * @module
 */
import { at } from "../config/position.ts";
import { isAtOrBelow } from "../grant/below.ts";
import { grantOf } from "../grant/from_entry.ts";
import { isAbsolute } from "../registry/host_path.ts";
import { realPath } from "./needs.ts";
import { STARTED_IN } from "./place.ts";
import type { Staged } from "./stage.ts";

/** What is wrong with a folder: nothing may be written there; or who will not run from there as it is. */
export interface Place {
  /** Why not at all; `undefined` where it may be. */
  readonly refused: string | undefined;
  /** A sentence for each mount that would show it to a guest. */
  readonly remarks: readonly string[];
}

/**
 * Looks at a folder.
 *
 * @param staged What would be written there.
 * @param folder The folder, absolute; it need not be there.
 * @param cwd The directory that `.` is, if the program is started here.
 */
export function stagePlace({ registry, selection, trees }: Staged, folder: string, cwd: string): Place {
  const place = realParent(folder);
  const inside = (directory: string) => isAtOrBelow(place, realPath(directory));
  const tree = trees.find(inside);
  if (tree !== undefined) {
    const refused =
      `it is in ${tree}, where every index file counts: the copies in it would declare all entries ` +
      "a second time; name a folder outside of that";
    return { refused, remarks: [] };
  }
  const remarks = selection.entries.flatMap((entry) =>
    grantOf(entry, registry).mounts.flatMap(({ host, guest }) => {
      const started = isAtOrBelow(host, STARTED_IN);
      const path = started ? `${cwd}${host.slice(STARTED_IN.length)}` : host;
      if (!isAbsolute(path) || !inside(path)) return [];
      const where = started ? `started in ${cwd}, the staged program` : "the staged program";
      return [
        `${
          at(entry.at)
        }: ${entry.id}: the mount of ${path} at ${guest} shows ${folder}: ${where} refuses to call it, ` +
        `since its own files are there; a binary does not; to run it as it is, name a folder outside of ${path}` +
        (started ? ", or start it elsewhere" : ""),
      ];
    })
  );
  return { refused: undefined, remarks };
}

/** Where a path leads that is not there yet: what there is of it, and the rest. */
function realParent(path: string): string {
  for (let end = path.length; end > 0; end = path.lastIndexOf("/", end - 1)) {
    const real = realPath(path.slice(0, end));
    if (real !== path.slice(0, end)) return real + path.slice(end);
  }
  return path;
}
