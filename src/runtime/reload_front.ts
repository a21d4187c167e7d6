/**
 * What answers requests, behind a port that stays open when that changes.
 *
 * @module
 */
import type { Service } from "./service.ts";

/** What answers. */
export type Answers = Pick<Service, "answer" | "abandon" | "idle">;

/** Passes requests on to what answers now. Those that came before end where they began. */
export class Front implements Answers {
  #now: Answers;
  readonly #before = new Set<Answers>();

  /** @param first What answers at first. */
  constructor(first: Answers) {
    this.#now = first;
  }

  /** Answers one request. */
  answer(request: Request, remote?: () => string): Promise<Response> {
    return this.#now.answer(request, remote);
  }

  /** Gives up what is under way. */
  abandon(): void {
    for (const one of [this.#now, ...this.#before]) one.abandon();
  }

  /** Resolves once no request is under way. */
  async idle(): Promise<void> {
    await Promise.all([this.#now, ...this.#before].map((one) => one.idle()));
  }

  /**
   * The next request is another's to answer.
   *
   * @returns Resolves when those of the one before are over.
   */
  async swap(next: Answers): Promise<void> {
    const before = this.#now;
    this.#now = next;
    this.#before.add(before);
    await before.idle();
    this.#before.delete(before);
  }
}
