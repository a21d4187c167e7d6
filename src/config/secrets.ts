/**
 * Values that no message tells: what variables hold, what files hold. Whoever writes a message may not know that a value in it
 * is none of the configuration's own.
 *
 * @module
 */

import { at, type Position } from "./position.ts";

/** How long a value is that is not found in words by chance. */
const TELLING = 6;

/** As much of a text as a message quotes. */
const QUOTED = 79;

interface Secret {
  /** The forms in which it may stand in a message. */
  readonly forms: readonly string[];
  readonly shown: string;
  /** Where it may stand at all; `undefined`: anywhere. */
  readonly only: string | undefined;
}

/** What must not be told, and what is told in its place. */
export class Secrets {
  readonly #secrets: Secret[] = [];

  /**
   * Adds a value. One that is short is looked for in messages about its own place only, and as a whole word.
   *
   * @param value The value.
   * @param shown What is told in its place.
   * @param place Where it stands.
   */
  add(value: string, shown: string, place: Position): void {
    if (value.trim() === "" || value === shown) return;
    const quoted = (text: string) => JSON.stringify(text).slice(1, -1);
    const forms = new Set([value, quoted(value), quoted(value.slice(0, QUOTED))]);
    this.#secrets.push({
      forms: [...forms],
      shown,
      only: value.length < TELLING ? at(place) : undefined,
    });
  }

  /** A message about a place, without any of the values. */
  without(message: string, place: Position): string {
    const here = at(place);
    const forms = new Map<string, string>();
    for (const { forms: all, shown, only } of this.#secrets) {
      if (only !== undefined && only !== here) continue;
      for (const form of all) forms.set(form, shown);
      // What is shown already stays as it is, even where it holds the value.
      forms.set(shown, shown);
    }
    if (forms.size === 0) return message;
    const longest = [...forms.keys()].sort((a, b) => b.length - a.length);
    let result = "";
    for (let i = 0; i < message.length;) {
      const found = longest.find((form) => message.startsWith(form, i) && !isInside(message, i, form));
      result += found === undefined ? message[i] : forms.get(found);
      i += found?.length ?? 1;
    }
    return result;
  }
}

/** Whether a short text is a part of a longer word. */
function isInside(message: string, start: number, form: string): boolean {
  if (form.length >= TELLING) return false;
  const end = start + form.length;
  return isWord(message.slice(Math.max(0, start - 1), start + 1)) || isWord(message.slice(end - 1, end + 1));
}

/** Whether two characters are of one word. */
function isWord(pair: string): boolean {
  return /^[\p{L}\p{N}_]{2}$/u.test(pair);
}
