/**
 * A capability that was asked for and not granted.
 *
 * @module
 */

/** Which of the three walls refused. */
export type Wall = "link" | "deno" | "os";

/** As messages name them. */
const WALLS: Readonly<Record<Wall, string>> = { link: "link", deno: "process's Deno scope", os: "system" };

/** What a refusal knows. */
export interface Refusal {
  /** What the guest asked for: an interface and function, a path in guest terms, a host name. */
  readonly asked: string;
  /** What is allowed instead, in the same terms. */
  readonly allowed: readonly string[];
  /** Which wall refused. */
  readonly wall: Wall;
  /** What would allow it: the YAML line, or that nothing would. */
  readonly hint: string;
}

/** A guest asked for a capability that its entry does not declare. */
export class CapabilityError extends Error {
  /** Always `CapabilityError`. */
  override readonly name = "CapabilityError";
  /** Always `capability`. */
  readonly code = "capability";
  /** What the guest asked for. */
  readonly asked: string;
  /** What is allowed instead. */
  readonly allowed: readonly string[];
  /** Which wall refused. */
  readonly wall: Wall;
  /** What would allow it: the YAML line, or that nothing would. */
  readonly hint: string;

  /**
   * Makes the error.
   *
   * @param refusal What was asked, what is allowed, who refused, and what would allow it.
   */
  constructor(refusal: Refusal) {
    super(`${refusal.asked} is not granted: the ${WALLS[refusal.wall]} refuses it; ${refusal.hint}`);
    this.asked = refusal.asked;
    this.allowed = refusal.allowed;
    this.wall = refusal.wall;
    this.hint = refusal.hint;
  }
}
