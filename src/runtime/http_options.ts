/**
 * Options of middleware: texts, as the format has them, with the types that they stand for.
 *
 * @module
 */
import { durationMs } from "../config/duration.ts";
import type { Issues } from "../config/issue.ts";
import { didYouMean } from "../config/nearest.ts";
import { quote } from "../config/node.ts";
import type { DeclaredChain } from "./http_middleware.ts";

/** Reads the options of one middleware. What is wrong with one is an issue, and its default stands for it. */
export class OptionReader {
  readonly #name: string;
  readonly #declared: DeclaredChain;
  readonly #issues: Issues;
  /** Options that were asked for, without the middleware's name. */
  readonly #known: string[] = [];
  /** By the same names, the ones under which they were found. */
  readonly #found = new Map<string, string>();

  /**
   * @param name The middleware's.
   * @param declared What the entry declares.
   * @param issues Receives what is wrong.
   */
  constructor(name: string, declared: DeclaredChain, issues: Issues) {
    this.#name = name;
    this.#declared = declared;
    this.#issues = issues;
  }

  /**
   * The text of an option; `undefined` where it is absent or empty.
   *
   * @param key Its name, without the middleware's.
   * @param older What it was called before options had the names of their middleware in front.
   */
  text(key: string, older?: string): string | undefined {
    this.#known.push(key);
    const { options } = this.#declared;
    const name = [`${this.#name}.${key}`, older].find((one) =>
      one !== undefined && Object.hasOwn(options, one)
    );
    if (name === undefined) return undefined;
    this.#found.set(key, name);
    return options[name]!.trim() || undefined;
  }

  /** The items of a list with commas between; `undefined` where it is absent. */
  list(key: string, older?: string): string[] | undefined {
    return this.text(key, older)?.split(",").map((item) => item.trim()).filter((item) => item !== "");
  }

  /** Whether it is `true`. */
  flag(key: string, older?: string): boolean {
    const text = this.text(key, older);
    if (text !== undefined && text !== "true" && text !== "false") this.wrong(key, text, "true or false");
    return text === "true";
  }

  /** A whole number of at least so much. */
  count(key: string, least: number, otherwise: number, older?: string): number {
    const text = this.text(key, older);
    if (text === undefined) return otherwise;
    const count = /^\d{1,15}$/.test(text) ? Number(text) : NaN;
    if (count >= least) return count;
    this.wrong(key, text, `a whole number of at least ${least}`);
    return otherwise;
  }

  /** A length of time above 0, in milliseconds. */
  duration(key: string, otherwise: string): number {
    const text = this.text(key) ?? otherwise;
    const ms = durationMs(text);
    if (ms !== undefined && ms > 0) return ms;
    this.wrong(key, text, "a length of time, as 30s or 1m");
    return durationMs(otherwise)!;
  }

  /**
   * Reports an option's value.
   *
   * @param found The value, or the part of it that is wrong. If the file itself does not hold it, it is not told.
   */
  wrong(key: string, found: string, allowed: string): void {
    const { of, at, shown } = this.#declared;
    const told = quote(shown[this.#found.get(key) ?? ""] ?? found);
    this.#issues.error("value", at, `${of}: option ${this.#name}.${key} is ${told}; allowed: ${allowed}`);
  }

  /** Says something that does not stop the load. */
  warn(message: string): void {
    this.#issues.warn("value", this.#declared.at, `${this.#declared.of}: ${message}`);
  }

  /** Reports options that were not asked for: a misspelt fence would not be one. */
  finish(): void {
    const { options, of, at } = this.#declared;
    const prefix = `${this.#name}.`;
    for (const key of Object.keys(options)) {
      if (!key.startsWith(prefix) || this.#known.includes(key.slice(prefix.length))) continue;
      const known = this.#known.map((name) => prefix + name);
      const message = `${of}: there is no option ${quote(key)}; options are ${known.join(", ")}`;
      this.#issues.error("unknown-field", at, message + didYouMean(key, known));
    }
  }
}
