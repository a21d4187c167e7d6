/**
 * What one call used and was refused, each event once and only so many of them: a guest can open a million files.
 *
 * @module
 */
import type { AuditEvent } from "../wasi/audit.ts";
import { ChannelError } from "./error.ts";

/** The most distinct events that are kept of one call. */
export const MAX_EVENTS = 100_000;

/** Passes events on that it has not seen before. */
export class AuditLog {
  readonly #seen = new Set<string>();
  readonly #write: (event: AuditEvent) => void;
  readonly #most: number;
  readonly #full: () => void;
  #over = false;

  /**
   * @param write Receives each event once, in the order in which they came first.
   * @param most How many.
   * @param full Called once, when there would have been more.
   */
  constructor(write: (event: AuditEvent) => void, most: number = MAX_EVENTS, full: () => void = () => {}) {
    this.#write = write;
    this.#most = most;
    this.#full = full;
  }

  /** Takes an event. */
  add(event: AuditEvent): void {
    if (this.#over) return;
    const text = JSON.stringify(event);
    if (this.#seen.has(text)) return;
    if (this.#seen.size === this.#most) {
      this.#over = true;
      this.#seen.clear();
      return this.#full();
    }
    this.#seen.add(text);
    this.#write(event);
  }
}

const TEXTS = ["interface", "function", "target", "code", "allow", "mount", "address"] as const;

/** Far more than any text of an event has. */
const LONGEST = 4096;

/**
 * An event that came from a guest's process, which may have been taken over.
 *
 * @throws {ChannelError} If it is none.
 */
export function auditEventOf(value: unknown): AuditEvent {
  const { outcome, wall, access, ...texts } = (value ?? {}) as Record<string, unknown>;
  const right = (outcome === "used" || outcome === "refused") &&
    (wall === undefined || wall === "link" || wall === "deno" || wall === "os") &&
    (access === undefined || access === "read" || access === "write") &&
    typeof texts["interface"] === "string" && typeof texts["function"] === "string" &&
    Object.entries(texts).every(([key, text]) =>
      (TEXTS as readonly string[]).includes(key) && typeof text === "string" && text.length <= LONGEST
    );
  if (!right) throw new ChannelError("an audit event that is none");
  return value as AuditEvent;
}
