/**
 * Imports that an entry does not declare: linked to refuse, by name, when they are called.
 *
 * @module
 */
import { at } from "../config/position.ts";
import { packageOf } from "../config/imports.ts";
import { CapabilityError } from "../grant/error.ts";
import type { Package } from "../grant/grant.ts";
import { LinkError } from "../component/error.ts";
import type { Missing } from "../component/mod.ts";
import { FUNCTIONS, lacking, PREVIEW1 } from "../preview1/functions.ts";
import type { CoreModule } from "../preview1/mod.ts";
import { UnsupportedError } from "./error.ts";
import { isCore } from "./method.ts";
import type { GuestModule } from "./module.ts";
import type { GuestSpec } from "./spec.ts";

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
export function refusal(spec: GuestSpec): Missing {
  const { packages } = spec.grant;
  return (interfaceName, func) => {
    const asked = interfaceName === func ? interfaceName : `${interfaceName}#${func}`;
    const provider = interfaceName === PREVIEW1
      ? lacking(packages, func) ?? "wasi1"
      : providerOf(interfaceName);
    return refused(spec, asked, provider);
  };
}

/**
 * Makes the error of a function of preview 1 that the guest was not given.
 *
 * @param spec What it was given.
 * @returns Makes it, of the package that would allow the function, and its name.
 */
export function preview1Refusal(spec: GuestSpec): (provider: Package, func: string) => Error {
  return (provider, func) => refused(spec, `${PREVIEW1}#${func}`, provider);
}

function refused({ grant, where }: GuestSpec, asked: string, provider: Package | undefined): Error {
  if (provider !== undefined && grant.packages.has(provider)) {
    return new UnsupportedError(`${asked}: ${provider} has no such function`);
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
 * @throws {LinkError} For WASI 0.3 imports, for what a core module imports of anything but preview 1, and for undeclared
 * imports of a strict entry.
 */
export function checkImports(component: GuestModule, spec: GuestSpec): void {
  if (isCore(component)) return checkCoreImports(component, spec);
  const { grant, strict, where } = spec;
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

function checkCoreImports(module: CoreModule, { grant, strict, where, file }: GuestSpec): void {
  const place = where ? `${at(where.imports)}: ` : "";
  try {
    module.checkImports();
  } catch (error) {
    if (error instanceof LinkError) {
      error.message = `${where ? `${at(where.file)}: ` : ""}${where ? grant.holder : file}: ${error.message}`;
    }
    throw error;
  }
  if (grant.packages.has("funcs")) {
    throw new LinkError(
      `${place}${grant.holder} declares funcs, which requires a component: its module is a core module`,
      [
        "funcs",
      ],
    );
  }
  if (!strict) return;
  const names = [...functionsOf(module)].filter((name) => lacking(grant.packages, name) !== undefined);
  if (names.length === 0) return;
  const wanted = new Set(names.map((name) => lacking(grant.packages, name)!));
  throw new LinkError(
    `${place}${grant.holder} is strict and does not declare what allows ${PREVIEW1}#${
      names.join(`, ${PREVIEW1}#`)
    }; ` +
      `add ${[...wanted].join(", ")} to its imports`,
    names,
  );
}

/** The functions of preview 1 that a core module imports. */
export function functionsOf(module: CoreModule): Iterable<string> {
  const type = module.imports.get(PREVIEW1);
  return type?.kind === "instance" ? type.exports.keys() : [];
}

/** The packages that a core module needs declared for all that it imports, and no more than one for each function. */
export function packagesFor(module: CoreModule): Package[] {
  const found = new Set<Package>();
  const names = [...functionsOf(module)];
  // Functions that one package alone allows come first: what is declared for them may do for others.
  const choices = (name: string) => FUNCTIONS.get(name)?.packages.length ?? 0;
  for (const name of names.toSorted((a, b) => choices(a) - choices(b))) {
    const missing = lacking(found, name);
    if (missing !== undefined) found.add(missing);
  }
  return [...found].sort();
}
