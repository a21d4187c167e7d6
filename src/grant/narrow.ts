/**
 * A grant can be narrowed, and never widened: the intersection of two grants, and whether one lies within another.
 *
 * @module
 */
import type { Grant } from "./grant.ts";
import { mountsWithin, narrowMounts } from "./narrow_mounts.ts";
import { narrowNetwork, networkWithin } from "./narrow_network.ts";

/**
 * What both grants allow.
 *
 * Where the intersection cannot be said as a grant, less is allowed: addresses that one grant names by rules and the
 * other allows as part of the public internet; a private address that one names by its range and the other by a name.
 *
 * @param grant What there is. The result keeps its holder, its arguments, its current directory and the paths under
 * which its guest sees directories: these name things and allow nothing.
 * @param by What it is narrowed to.
 * @returns The intersection, frozen.
 */
export function narrow(grant: Grant, by: Grant): Grant {
  return Object.freeze({
    ...grant,
    packages: Object.freeze(new Set([...grant.packages].filter((name) => by.packages.has(name)))),
    // A variable is its name and its value: a grant of `A=1` says nothing about another A.
    env: Object.freeze(grant.env.filter((item) => holds(by.env, item))),
    mounts: narrowMounts(grant.mounts, by.mounts),
    network: narrowNetwork(grant.network, by.network),
  });
}

/**
 * Whether a grant allows nothing that another one does not allow as well.
 *
 * @param inner The grant that may be the narrower one.
 * @param outer The other.
 * @returns `true` if that is certain. It is not where several rules of a network have to be put together to see it.
 */
export function within(inner: Grant, outer: Grant): boolean {
  return [...inner.packages].every((name) => outer.packages.has(name)) &&
    inner.env.every((item) => holds(outer.env, item)) &&
    mountsWithin(inner.mounts, outer.mounts) &&
    networkWithin(inner.network, outer.network);
}

function holds(env: Grant["env"], [name, value]: Grant["env"][number]): boolean {
  return env.some((item) => item[0] === name && item[1] === value);
}
