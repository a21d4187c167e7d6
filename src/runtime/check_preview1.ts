/**
 * What a core module imports, against what its entry declares.
 *
 * @module
 */
import { functionsOf } from "../compartment/refuse.ts";
import type { Package } from "../grant/grant.ts";
import { type CoreModule, FUNCTIONS, lacking, PREVIEW1 } from "../preview1/mod.ts";
import type { WasmEntry } from "../registry/entry.ts";
import type { Finding } from "./check.ts";

/** Functions that nothing declared allows, and declared packages that none of the functions belongs to. */
export function checkPreview1(entry: WasmEntry, module: CoreModule): Finding[] {
  const names = [...functionsOf(module)];
  const packages = new Set(entry.imports.map((item) => item.package));
  const undeclared = new Map<Package, string[]>();
  for (const name of names) {
    const missing = lacking(packages, name);
    if (missing === undefined) continue;
    const same = undeclared.get(missing);
    if (same) same.push(name);
    else undeclared.set(missing, [name]);
  }
  const findings = [...undeclared].map(([name, functions]): Finding => {
    const message =
      `${entry.id} imports ${functions.join(", ")} of ${PREVIEW1}, which nothing that is declared allows: ` +
      `calls of them trap, or find nothing; to allow them, declare imports: [${name}]`;
    return { at: entry.where.imports, message, severity: "warning" };
  });
  const used = usedBy(names);
  for (const item of entry.imports) {
    if (used.has(item.package)) continue;
    const message = `${entry.id} declares ${item.name}, which no function belongs to that the module imports`;
    findings.push({ at: item.at, message, severity: "warning" });
  }
  return findings;
}

/** Of a function that works on any descriptor, the streams and the files are what it works on: none makes a socket. */
function usedBy(names: readonly string[]): ReadonlySet<Package> {
  const used = new Set<Package>();
  for (const name of names) {
    used.add("wasi1");
    const { packages = [] } = FUNCTIONS.get(name) ?? {};
    for (const one of packages) if (one !== "wasi:sockets" || name.startsWith("sock_")) used.add(one);
  }
  return used;
}
