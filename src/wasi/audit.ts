/**
 * What a guest uses of its grant, and what is refused to it, as events: made where its functions are called, with the
 * subject of each call in the guest's own terms.
 *
 * @module
 */
import { ComponentError } from "../component/error.ts";
import type { Missing, Observe, Outcome } from "../component/mod.ts";
import { CapabilityError, type Wall } from "../grant/error.ts";
import type { Grant } from "../grant/grant.ts";
import { formatIp, hostText, type Ip, lineAllowing, mayReachName, type Scheme } from "../grant/network.ts";
import { LOOKS, type Subject } from "./audit_subjects.ts";
import { wallOf } from "./denial.ts";
import { NetworkError, wallOfNetwork } from "./network/error.ts";
import type { Reach, Target } from "./network/reach.ts";
import type { Watcher } from "./network/watcher.ts";

/** One capability that was used, or refused. Plain data. */
export interface AuditEvent {
  /** The interface, as the component spells it. */
  readonly interface: string;
  /** The function, as WIT writes it. */
  readonly function: string;
  /** What it was used on: a path in the guest, `scheme://host:port`, a host's name, a variable's name. */
  readonly target?: string;
  /** Whether it worked, as far as walls are concerned: a file that is not there was looked for, and so used. */
  readonly outcome: "used" | "refused";
  /** Which wall refused. */
  readonly wall?: Wall;
  /** What the guest was told of the refusal; of connections and lookups, why. */
  readonly code?: string;
  /** The line of a declaration that would allow what was refused, where one would. */
  readonly allow?: string;
  /** Of a path: the mount's. */
  readonly mount?: string;
  /** Of a path: what for. */
  readonly access?: "read" | "write";
  /** Of a name: an address that it led to. */
  readonly address?: string;
}

/** A longer text is cut: a guest chooses its length. Names of hosts are shorter. */
const LONGEST = 300;

/** The codes by which specifications refuse: {@link https://github.com/WebAssembly/WASI/tree/main/proposals} */
const REFUSALS: ReadonlySet<string> = new Set([
  "not-permitted",
  "access",
  "read-only",
  "access-denied",
  "HTTP-request-denied",
  "destination-IP-prohibited",
]);

/** The functions that stand for what {@linkcode Watcher} tells of. */
const REACHING: Readonly<Record<string, readonly [base: string, func: string]>> = {
  tcp: ["wasi:sockets/tcp", "[method]tcp-socket.start-connect"],
  http: ["wasi:http/outgoing-handler", "handle"],
  https: ["wasi:http/outgoing-handler", "handle"],
  lookup: ["wasi:sockets/ip-name-lookup", "resolve-addresses"],
};

/** Watches one call of one guest. */
export class Audit implements Watcher {
  readonly #grant: Grant;
  readonly #report: (event: AuditEvent) => void;
  /** Interfaces as the component spells them, by their names without versions. */
  readonly #spelled = new Map<string, string>();
  #reach: Reach | undefined;

  /**
   * @param grant What the guest was granted in this call.
   * @param report Receives the events, those of equal text perhaps many times.
   */
  constructor(grant: Grant, report: (event: AuditEvent) => void) {
    this.#grant = grant;
    this.#report = report;
  }

  /** For the engine: watches the calls of host functions. */
  readonly observe: Observe = (interfaceName, func) => {
    const base = interfaceName.split("@")[0]!;
    this.#spelled.set(base, interfaceName);
    const look = Object.hasOwn(LOOKS, `${base}#${func}`) ? LOOKS[`${base}#${func}`] : undefined;
    let told = false;
    return (args, outcome) => {
      if (!told) this.#tell(interfaceName, func, {}, { outcome: "used" });
      told = true;
      // Elsewhere an `err` is not the host's own word.
      const refusal = base.startsWith("wasi:") ? refusalOf(outcome) : undefined;
      if (look === undefined && refusal === undefined) return;
      const namesOf = (ip: Ip) => this.#reach?.namesOf(ip) ?? [];
      const context = { grant: this.#grant, refused: refusal !== undefined, namesOf };
      const subjects = look === undefined ? [] : look(args, outcome, context);
      if (subjects === undefined) return;
      if (refusal === undefined) {
        for (const subject of subjects) this.#tell(interfaceName, func, subject, { outcome: "used" });
        return;
      }
      for (const subject of subjects.length > 0 ? subjects : [{}]) {
        this.#tell(interfaceName, func, subject, { outcome: "refused", ...refusal });
      }
    };
  };

  /** The same `missing`, watched: interfaces that were not declared. */
  missing(missing: Missing): Missing {
    return (interfaceName, func) => {
      const error = missing(interfaceName, func);
      const wall = error instanceof CapabilityError ? error.wall : "link";
      this.#tell(interfaceName, func, {}, { outcome: "refused", wall });
      return error;
    };
  }

  /** See {@linkcode Watcher}. */
  began(reach: Reach): void {
    this.#reach = reach;
  }

  /** See {@linkcode Watcher}. What is refused before anything is dialled, the function that is called has told. */
  dialled({ scheme, host, port }: Target, ip: Ip | undefined, error?: unknown): void {
    const known = typeof host === "string" ? host : this.#nameOf(scheme, host, port) ?? host;
    const asked = { scheme, host: known, port, ...ip && { address: ip } };
    const target = `${scheme}://${hostText(known)}:${port}`;
    const address = ip !== undefined && typeof known === "string" ? { address: formatIp(ip) } : {};
    this.#network(scheme, { target, ...address }, error, () => lineAllowing(this.#grant.network, asked));
  }

  /** See {@linkcode Watcher}. */
  resolved(name: string, found: readonly Ip[], error?: unknown): void {
    const { network } = this.#grant;
    const allowing = () =>
      mayReachName(network, ["tcp", "udp"], name)
        ? "wasi.network.private: true"
        : `wasi.network.allow: ["tcp://${name}"]`;
    if (found.length === 0) return this.#network("lookup", { target: name }, error, allowing);
    for (const ip of found) {
      this.#network("lookup", { target: name, address: formatIp(ip) }, undefined, allowing);
    }
  }

  #nameOf(scheme: Scheme, ip: Ip, port: number): string | undefined {
    return this.#reach?.namesOf(ip).find((name) => mayReachName(this.#grant.network, [scheme], name, port));
  }

  #network(
    kind: string,
    subject: Subject,
    error: unknown,
    allowing: () => string | undefined,
  ): void {
    const [base, func] = REACHING[kind]!;
    const interfaceName = this.#spelled.get(base) ?? base;
    const wall = error instanceof NetworkError ? wallOfNetwork(error) : undefined;
    if (wall === undefined) return this.#tell(interfaceName, func, subject, { outcome: "used" });
    const allow = wall === "link" ? allowing() : undefined;
    this.#tell(interfaceName, func, subject, {
      outcome: "refused",
      wall,
      code: (error as NetworkError).reason,
      ...allow !== undefined && { allow },
    });
  }

  #tell(
    interfaceName: string,
    func: string,
    { allowing, ...subject }: Subject,
    said: Pick<AuditEvent, "outcome" | "wall" | "code">,
  ): void {
    const allow = said.outcome === "refused" && said.wall === "link" ? allowing?.(said.code) : undefined;
    this.#report({
      interface: cut(interfaceName),
      function: cut(func),
      ...subject,
      ...subject.target !== undefined && { target: cut(subject.target) },
      ...said,
      ...allow !== undefined && { allow },
    });
  }
}

function cut(text: string): string {
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}

/** Whether a call was refused, by which wall, and by what code. */
function refusalOf(outcome: Outcome): { readonly wall: Wall; readonly code?: string } | undefined {
  if (outcome.tag === "returned") return undefined;
  const { error } = outcome;
  const wall = wallOf(error);
  if (!(error instanceof ComponentError)) return wall === undefined ? undefined : { wall };
  const { payload } = error;
  const code = typeof payload === "string" ? payload : (payload as { tag?: unknown } | undefined)?.tag;
  if (typeof code !== "string") return undefined;
  return REFUSALS.has(code) || wall !== undefined ? { wall: wall ?? "link", code } : undefined;
}
