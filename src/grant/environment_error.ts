/**
 * A variable that a guest is declared to get and that has no value to give.
 *
 * @module
 */

import { at, type Position } from "../config/position.ts";

/** Why a variable could not be given: nobody has a value, this process may not look, or looking failed. */
export type EnvironmentErrorReason = "missing" | "denied" | "unreadable";

/** What such an error knows. */
export interface EnvironmentProblem {
  /** Why there is no value. */
  readonly reason: EnvironmentErrorReason;
  /** Id of the entry whose guest would get it. */
  readonly holder: string;
  /** Name under which the guest would see it. */
  readonly asked: string;
  /** Id of the variable's entry. */
  readonly variable: string;
  /** The key that storages were asked for. */
  readonly key: string;
  /** Where it was looked for, in order: each storage with what was found there. */
  readonly looked: readonly string[];
  /** Where the entry asks for it. */
  readonly place: Position;
}

/** A call did not begin: a variable that its guest is to see has no value, or none that may be read. */
export class EnvironmentError extends Error {
  /** Always `EnvironmentError`. */
  override readonly name = "EnvironmentError";
  /** Always `environment`. */
  readonly code = "environment";
  /** What is known of it. No value of any variable is part of it. */
  readonly problem: EnvironmentProblem;

  /**
   * Makes the error for one variable.
   *
   * @param problem What is known of it.
   * @param options The cause, where looking failed.
   */
  constructor(problem: EnvironmentProblem, options?: ErrorOptions) {
    super(`${at(problem.place)}: ${sentence(problem)}`, options);
    this.problem = Object.freeze({ ...problem, looked: Object.freeze([...problem.looked]) });
  }
}

function sentence({ reason, holder, asked, variable, key, looked }: EnvironmentProblem): string {
  const places = looked.length === 0 ? "nowhere" : looked.join("; ");
  const key_ = JSON.stringify(key);
  return reason === "missing"
    ? `${holder} requires ${asked}, but ${variable} has neither a value nor a default; looked for ${key_} in ${places}`
    : `${holder} asks for ${asked}, but the value of ${variable} cannot be read; looked for ${key_} in ${places}`;
}
