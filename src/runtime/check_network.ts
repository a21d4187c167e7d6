/**
 * What can be known of an entry's network without running it.
 *
 * @module
 */
import type { GuestModule } from "../compartment/module.ts";
import { formatIp, type Ip, mayReachAddress, type NetworkRule, parseIp } from "../grant/network.ts";
import type { WasmEntry } from "../registry/entry.ts";
import type { Finding } from "./check.ts";

const SCHEMES: Readonly<Record<string, readonly string[]>> = {
  "wasi:sockets": ["tcp", "udp"],
  "wasi:http": ["http", "https"],
};

/**
 * Networks without a fence, fences without a network, and rules that allow nothing.
 *
 * @param component `undefined` where it could not be read.
 */
export function checkNetwork(entry: WasmEntry, component: GuestModule | undefined): Finding[] {
  const { id, imports, wasi: { network }, where } = entry;
  const users = imports.filter((item) => Object.hasOwn(SCHEMES, item.package));
  const packages = [...new Set(users.map((item) => item.package))];
  if (network === undefined) {
    if (users[0] === undefined || onlyServes(packages, component)) return [];
    const message =
      `${id} declares ${packages.join(" and ")} and no wasi.network: its network is unrestricted; ` +
      `to restrict it, declare wasi.network.allow: ["${example(packages)}"]`;
    return [{ at: users[0].at, message, severity: "warning" }];
  }
  const warn = (message: string): Finding => ({ at: where.network, message, severity: "warning" });
  if (users.length === 0) {
    return [warn(`${id} declares wasi.network, but neither wasi:sockets nor wasi:http, which would use it`)];
  }
  const findings: Finding[] = [];
  for (const rule of network.allow ?? []) {
    const { text, scheme } = rule;
    const said = `${id} allows ${JSON.stringify(text)}`;
    if (scheme !== undefined && !packages.some((name) => SCHEMES[name]!.includes(scheme))) {
      const other = Object.keys(SCHEMES).find((name) => SCHEMES[name]!.includes(scheme));
      findings.push(warn(`${said}, which no declared package can use; it is for imports: [${other}]`));
    } else if (
      leadsHome(rule) && !network.private && !LOOPBACK.some((ip) => reached(network.allow!, rule, ip))
    ) {
      const addresses = LOOPBACK.map(formatIp).join(" or ");
      findings.push(
        warn(
          `${said}, which leads to a private address and is refused; declare private: true or allow ${addresses}`,
        ),
      );
    }
  }
  return findings;
}

/** Whether a guest knows of HTTP and asks nobody: a handler of requests that makes none. */
function onlyServes(packages: readonly string[], component: GuestModule | undefined): boolean {
  if (component === undefined || packages.includes("wasi:sockets")) return false;
  const names = [...component.imports.keys()].filter((name) => name.startsWith("wasi:http/"));
  return names.length > 0 && !names.some((name) => name.startsWith("wasi:http/outgoing-handler"));
}

const LOOPBACK: readonly Ip[] = ["127.0.0.1", "::1"].map((text) => parseIp(text)!);

/** Whether a rule is for names that are always this machine: https://www.rfc-editor.org/rfc/rfc6761#section-6.3 */
function leadsHome({ host }: NetworkRule): boolean {
  return (host.kind === "name" || host.kind === "below") && /(^|\.)localhost$/.test(host.name);
}

/** Whether some rule allows an address for something that this rule is for. */
function reached(rules: readonly NetworkRule[], { scheme, ports }: NetworkRule, ip: Ip): boolean {
  return rules.some((rule) =>
    mayReachAddress(
      { rules: [rule], private: false },
      scheme ?? rule.scheme ?? "tcp",
      ip,
      Math.max(ports.from, rule.ports.from),
    ) &&
    rule.ports.from <= ports.to
  );
}

function example(packages: readonly string[]): string {
  return packages.includes("wasi:http") ? "https://api.example.com" : "db.example.com:5432";
}
