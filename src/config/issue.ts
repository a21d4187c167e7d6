/**
 * What is wrong with a configuration: every problem as data, and the error that carries them all.
 *
 * @module
 */

import { at, type Position } from "./position.ts";
import { Secrets } from "./secrets.ts";

/** What kind of problem an issue is; stable, for programs that sort or filter. */
export type IssueCode =
  | "yaml"
  | "missing"
  | "type"
  | "value"
  | "unknown-kind"
  | "unsupported"
  | "unknown-field"
  | "unknown-import"
  | "unknown-reference"
  | "wrong-kind"
  | "duplicate"
  | "file";

/** One problem in a configuration file, at its exact place. */
export interface Issue extends Position {
  /** What kind of problem it is. */
  readonly code: IssueCode;
  /** What was found, what is allowed, and the nearest known name where there is one. */
  readonly message: string;
  /** Errors stop a load; warnings do not. */
  readonly severity: "error" | "warning";
}

/** An issue as one line: `file:line:column: message`. Warnings say so in front of the message. */
export function printIssue(issue: Issue): string {
  return `${at(issue)}: ${issue.severity === "warning" ? "warning: " : ""}${issue.message}`;
}

/** A configuration that cannot be used. Its message lists every issue, one a line. */
export class ConfigError extends SyntaxError {
  /** Always `ConfigError`. */
  override readonly name = "ConfigError";
  /** Always `config`. */
  readonly code = "config";
  /** Every problem found, in the order of the files and of their lines; warnings included. */
  readonly issues: readonly Issue[];

  /**
   * Makes the error that carries these issues.
   *
   * @param issues Every problem found.
   */
  constructor(issues: readonly Issue[]) {
    super(issues.map(printIssue).join("\n"));
    this.issues = Object.freeze([...issues]);
  }
}

const CONTROL = /[\p{Cc}\u2028\u2029]/gu;

/** Collects issues. The same words about the same place are kept once: an alias repeats what it points at. */
export class Issues {
  readonly #issues = new Map<string, Issue>();
  readonly #files = new Map<string, number>();
  readonly #secrets = new Secrets();
  #errors = 0;

  /** Fixes the place of a file among the others; without it, files come in the order of their first issue. */
  begin(file: string): void {
    if (!this.#files.has(file)) this.#files.set(file, this.#files.size);
  }

  /**
   * Keeps a value out of every message to come: whoever writes one may not know that the value is none of the file's own.
   *
   * @param value What must not be told: what a variable holds, a file's text.
   * @param shown What is told in its place.
   * @param place Where it stands. Short values are looked for in messages about this place only: anywhere else they would be
   * found in words.
   */
  conceal(value: string, shown: string, place: Position): void {
    this.#secrets.add(value, shown, place);
  }

  /** Adds a problem that stops the load. */
  error(code: IssueCode, place: Position, message: string): void {
    this.#add(code, place, message, "error");
  }

  /** Adds a remark that does not stop the load. */
  warn(code: IssueCode, place: Position, message: string): void {
    this.#add(code, place, message, "warning");
  }

  /** Takes over issues collected elsewhere. */
  take(issues: readonly Issue[]): void {
    for (const issue of issues) this.#add(issue.code, issue, issue.message, issue.severity);
  }

  /** How many errors there are so far. */
  get errors(): number {
    return this.#errors;
  }

  /** All of them: files in the order they came, then by line and column. */
  sorted(): readonly Issue[] {
    const order = this.#files;
    return [...this.#issues.values()].sort((a, b) =>
      (order.get(a.file) ?? 0) - (order.get(b.file) ?? 0) || a.line - b.line || a.column - b.column
    );
  }

  #add(code: IssueCode, place: Position, text: string, severity: Issue["severity"]): void {
    const { file, line, column } = place;
    text = this.#secrets.without(text, place);
    // Ids and names come from the file as they are: none may break the line or drive the terminal.
    const message = text.replace(CONTROL, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`);
    const issue = Object.freeze({ code, file, line, column, message, severity });
    this.begin(file);
    const key = printIssue(issue);
    if (this.#issues.has(key)) return;
    this.#issues.set(key, issue);
    if (severity === "error") this.#errors++;
  }
}
