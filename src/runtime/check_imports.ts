/**
 * What a component imports, against what its entry declares.
 *
 * @module
 */
import { providerOf } from "../compartment/refuse.ts";
import type { Component } from "../component/mod.ts";
import type { Package } from "../grant/grant.ts";
import type { WasmEntry } from "../registry/entry.ts";
import type { Finding } from "./check.ts";

/** Interfaces of one package that are not declared. */
interface Undeclared {
  readonly names: string[];
  /** What would have to be declared for them; nothing where no host provides them. */
  readonly providers: Set<Package>;
}

/** Imports that are used and not declared, one finding for each package; and what is declared and not used. */
export function checkImports(entry: WasmEntry, component: Pick<Component, "imports">): Finding[] {
  const findings: Finding[] = [];
  if (entry.wit !== undefined) {
    const message =
      `${entry.id} declares wit, and its component has types of its own: wit is for core modules`;
    findings.push({ at: entry.where.wit, message, severity: "warning" });
  }
  const used = new Set<Package>();
  const declared = new Set<Package>(entry.imports.map((item) => item.package));
  if (declared.has("wasi:io")) declared.add("wasi:poll");
  const undeclared = new Map<string, Undeclared>();
  for (const [name, type] of component.imports) {
    const calls = type.kind === "func" ||
      (type.kind === "instance" && [...type.exports.values()].some((e) => e.kind === "func"));
    if (!calls) continue;
    const provider = providerOf(name);
    if (provider !== undefined) used.add(provider);
    if (provider !== undefined && declared.has(provider)) continue;
    const of = name.split(/[/@]/)[0]!;
    const same = undeclared.get(of) ?? { names: [], providers: new Set() };
    undeclared.set(of, same);
    same.names.push(name);
    if (provider !== undefined) same.providers.add(provider);
  }
  for (const one of undeclared.values()) {
    const message = `${entry.id} imports ${undeclaredText(one)}`;
    findings.push({ at: entry.where.imports, message, severity: "warning" });
  }
  for (const item of entry.imports) {
    const uses = used.has(item.package) || (item.package === "wasi:io" && used.has("wasi:poll"));
    if (uses) continue;
    const message = `${entry.id} declares ${item.name}, which the component does not import`;
    findings.push({ at: item.at, message, severity: "warning" });
  }
  return findings;
}

/** In the order in which the component names them. */
function undeclaredText({ names, providers }: Undeclared): string {
  const [is, them] = names.length === 1 ? ["is", "it"] : ["are", "them"];
  // wasi:io has wasi:poll in it.
  const wanted = [...providers].filter((name) => name !== "wasi:poll" || !providers.has("wasi:io"));
  const advice = wanted.length === 0
    ? `no host provides ${them}`
    : `to allow ${them}, declare imports: [${wanted.join(", ")}]`;
  return `${names.join(", ")}, which ${is} not declared: calls of ${them} trap; ${advice}`;
}
