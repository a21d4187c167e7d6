/** What the tests of this room share. */
import { networkRule } from "../../src/config/network_rule.ts";
import { denied, type Grant, type Mount, type Package } from "../../src/grant/grant.ts";
import type { Network } from "../../src/grant/network.ts";

/** A network of rules as a declaration writes them. */
export function network(allow: readonly string[] | undefined, hidden = false): Network {
  const rules = allow?.map((text) => {
    const rule = networkRule(text);
    if ("wrong" in rule) throw new TypeError(`${text}: ${rule.wrong}`);
    return rule;
  });
  return { rules, private: hidden };
}

/** A grant of sockets and HTTP with some rules. */
export function reaching(...allow: string[]): Grant {
  return grant({ packages: ["wasi:sockets", "wasi:http"], network: network(allow) });
}

/** A grant of a file system with some mounts: `/host`, `/host:ro`, or the declared and the real directory: `/link=/host`. */
export function seeing(...mounts: string[]): Grant {
  return grant({ packages: ["wasi:filesystem"], mounts: mounts.map(mount) });
}

/** A mount in the notation of {@linkcode seeing}. */
export function mount(text: string, i: number): Mount {
  const readOnly = text.endsWith(":ro");
  const [host = "", real] = text.replace(/:ro$/, "").split("=");
  return { guest: `/m${i}`, host, readOnly, ...real !== undefined && { real } };
}

/** A grant, `denied` but for what is given. */
export function grant(
  { packages = [], ...more }: Partial<Omit<Grant, "packages">> & { packages?: readonly Package[] },
): Grant {
  return { ...denied, holder: "app:it", packages: new Set(packages), ...more };
}
