/**
 * An `http.service` entry: fields → declaration.
 *
 * @module
 */

import type { DeclarationBase, HttpServiceDeclaration } from "./declaration.ts";
import { parseIp } from "./ip.ts";
import type { Issues } from "./issue.ts";
import { lifecycleOf, timeOf } from "./lifecycle.ts";
import { field, mapField, type MapNode, show, textField } from "./node.ts";
import { httpServiceSchema } from "./schema/http.ts";
import { checkShape } from "./shape.ts";

const MAX_PORT = 65_535;

/** Checks the fields of an `http.service` and makes its declaration; `undefined` where something is wrong. */
export function httpServiceDeclaration(
  base: DeclarationBase,
  body: MapNode,
  issues: Issues,
): HttpServiceDeclaration | undefined {
  const before = issues.errors;
  const { id } = base;
  const fields = checkShape(httpServiceSchema(), body, { name: id, prefix: "", at: base.at, issues });
  const addr = field(body, "addr");
  const address = addressOf(id, body, issues);
  const lifecycle = lifecycleOf(base, body, fields?.lifecycle, issues);
  const timeouts = mapField(body, "timeouts");
  const time = (key: string): number | undefined =>
    timeouts === undefined ? undefined : timeOf(id, timeouts, "timeouts.", key, issues) || undefined;
  const [readMs, writeMs, idleMs] = [time("read"), time("write"), time("idle")];
  const tls = tlsOf(base, body, issues);
  if (address === undefined || issues.errors > before) return undefined;
  return Object.freeze({
    ...base,
    kind: "http.service",
    ...address,
    timeouts: Object.freeze({ readMs, writeMs, idleMs }),
    tls,
    network: textField(body, "network") || undefined,
    lifecycle,
    where: Object.freeze({
      addr: addr?.at ?? base.at,
      network: field(body, "network")?.at ?? base.at,
    }),
  });
}

/** `addr`, as Go's `net.Listen` has it: https://pkg.go.dev/net#Listen */
function addressOf(
  id: string,
  body: MapNode,
  issues: Issues,
): { readonly hostname: string; readonly port: number } | undefined {
  const node = field(body, "addr");
  const text = textField(body, "addr");
  if (node === undefined || text === undefined || text === "") return undefined;
  const [, six, name = "", digits = ""] = /^(?:\[([^\]]*)\]|([\w.-]*)):(\d{1,5})$/.exec(text) ?? [];
  const port = Number(digits);
  // Behind a percent sign stands a zone: https://www.rfc-editor.org/rfc/rfc4007#section-11
  const isSix = six === undefined || parseIp(six.replace(/%[\w.-]+$/, ""))?.family === 6;
  if (digits === "" || port > MAX_PORT || !isSix) {
    const wants = 'must be an address and a port, like ":8080", "127.0.0.1:8080" or "[::1]:8080"';
    issues.error("value", node.at, `${id}: addr ${wants}, found ${show(node)}`);
    return undefined;
  }
  return { hostname: six ?? (name || "0.0.0.0"), port };
}

function tlsOf(base: DeclarationBase, body: MapNode, issues: Issues): HttpServiceDeclaration["tls"] {
  const node = mapField(body, "tls");
  if (node === undefined) return undefined;
  const given = (...keys: readonly string[]) => keys.find((key) => (textField(node, key) ?? "") !== "");
  const wrong = (key: string, code: "value" | "missing" | "unsupported", message: string): undefined =>
    issues.error(code, node.fields.get(key)?.at ?? node.at, `${base.id}: tls.${message}`) as undefined;
  const mode = textField(node, "mode") ?? "";
  const of = given("cert_env", "key_env", "client_ca_env");
  if (of !== undefined) {
    const name = of.slice(0, -"_env".length);
    return wrong(of, "unsupported", `${of} is not supported; write tls.${name}: \${env:NAME}`);
  }
  const certificate = given("cert", "key");
  const client = given("client_ca", "client_auth");
  if (mode === "") {
    const useless = certificate ?? client;
    if (useless !== undefined) {
      wrong(useless, "value", `${useless} is for mode: manual, and there is no mode`);
    }
    return undefined;
  }
  if (mode === "auto") {
    return wrong(
      "mode",
      "unsupported",
      "mode auto is not supported: no network gives certificates; allowed: manual",
    );
  }
  if (mode !== "manual") return undefined; // its shape has said so
  if (client !== undefined) {
    return wrong(
      client,
      "unsupported",
      `${client} is not supported: certificates of clients would not be looked at`,
    );
  }
  const [cert, key] = [textField(node, "cert") ?? "", textField(node, "key") ?? ""];
  for (const [name, text] of [["cert", cert], ["key", key]] as const) {
    if (text === "") {
      return wrong(name, "missing", `${name} is missing: with mode manual, both cert and key are needed`);
    }
    if (!text.includes("-----BEGIN ")) {
      return wrong(name, "value", `${name} must be PEM text; to name a file, write file:// and its path`);
    }
  }
  return Object.freeze({ cert, key });
}
