/**
 * Imports that an entry does not declare: linked to refuse, by name, when they are called.
 *
 * @module
 */
import { at } from "../config/position.ts";
import { packageOf } from "../config/imports.ts";
import { CapabilityError } from "../grant/error.ts";
import type { Package } from "../grant/grant.ts";
import { LinkError } from "../component/mod.ts";
import type { Component, Missing } from "../component/mod.ts";
import { UnsupportedError } from "./error.ts";
import type { GuestSpec } from "./spec.ts";

/** Packages that an entry may declare and that have no host yet. */
const UNSUPPORTED: ReadonlySet<Package> = new Set<Package>(["funcs"]);

/** The package that would provide an interface, if there is one. */
export function providerOf(interfaceName: string): Package | undefined {
  const base = interfaceName.split("@")[0]!;
  return packageOf(base) ?? packageOf(base.split("/")[0]!);
}

/**
 * Makes the error of a function that the guest was not given.
 *
 * @param spec What it was given, and where that is declared, to name the line.
 */
export function refusal({ grant, where }: GuestSpec): Missing {
  return (interfaceName, func) => {
    const asked = interfaceName === func ? interfaceName : `${interfaceName}#${func}`;
    const provider = providerOf(interfaceName);
    if (provider !== undefined && grant.packages.has(provider)) {
      return new UnsupportedError(
        UNSUPPORTED.has(provider)
          ? `${asked}: ${provider} is declared but not supported yet`
          : `${asked}: ${provider} has no such function`,
      );
    }
    const hint = provider === undefined
      ? "no host provides this interface, so nothing would allow it"
      : where
      ? `to allow it, add ${provider} to the imports of ${grant.holder} (${at(where.imports)}): ` +
        importsLine(grant.packages, provider)
      : provider === "wasi:sockets" || provider === "wasi:http"
      ? "to allow it, give --net <host>, or declare it in an entry: " + importsLine(grant.packages, provider)
      : `to allow it, declare it in an entry: ${importsLine(grant.packages, provider)}`;
    return new CapabilityError({ asked, allowed: [...grant.packages], wall: "link", hint });
  };
}

/** The line of YAML that allows a package beside what is allowed already. */
function importsLine(packages: ReadonlySet<Package>, more: Package): string {
  const implied = packages.has("wasi:io") || more === "wasi:io";
  const all = [...packages, more].filter((name) => !(implied && name === "wasi:poll"));
  return `imports: [${all.join(", ")}]`;
}

/**
 * Refuses what no host of this version can serve, before anything runs.
 *
 * @throws {LinkError} For WASI 0.3 imports, and for undeclared imports of a strict entry.
 */
export function checkImports(component: Component, { grant, strict, where }: GuestSpec): void {
  const imports = [...component.imports].filter(([, type]) =>
    type.kind === "instance" || type.kind === "func"
  );
  const next = imports.map(([name]) => name).filter((name) => /^wasi:[^@]*@0\.3\./.test(name));
  if (next.length > 0) {
    throw new LinkError(`WASI 0.3 is not supported yet: the component imports ${next.join(", ")}`, next);
  }
  if (!strict) return;
  const undeclared = imports.filter(([name, type]) => {
    if (type.kind === "instance" && ![...type.exports.values()].some((e) => e.kind === "func")) return false;
    const provider = providerOf(name);
    return provider === undefined || !grant.packages.has(provider);
  }).map(([name]) => name);
  if (undeclared.length > 0) {
    const wanted = new Set(undeclared.map(providerOf).filter((provider) => provider !== undefined));
    const unprovided = undeclared.filter((name) => providerOf(name) === undefined);
    const notes = [
      ...(wanted.size > 0 ? [`add ${[...wanted].join(", ")} to its imports`] : []),
      ...(unprovided.length > 0 ? [`no host provides ${unprovided.join(", ")}`] : []),
    ];
    throw new LinkError(
      `${where ? `${at(where.imports)}: ` : ""}${grant.holder} is strict and does not declare ${
        undeclared.join(", ")
      }; ` +
        notes.join("; "),
      undeclared,
    );
  }
}
