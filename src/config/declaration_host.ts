/**
 * Hosts and services as their file declares them: what starts when, and where processes run.
 *
 * @module
 */

import type { DeclarationBase } from "./declaration.ts";
import type { Plain } from "./node.ts";
import type { Position } from "./position.ts";

/** How often, and how soon, a service that has ended by itself is started again. */
export interface Restart {
  /** Milliseconds before the first new start. */
  readonly initialDelayMs: number;
  /** The most that a delay grows to, in milliseconds. */
  readonly maxDelayMs: number;
  /** What each delay is multiplied by to give the next: 1 or more. */
  readonly backoffFactor: number;
  /** The share by which a delay varies at random: 0 to 1. */
  readonly jitter: number;
  /** New starts before the service is given up; 0: it never is. */
  readonly maxAttempts: number;
}

/** `lifecycle`: whether a service starts with the application, after what, and what happens when it ends. */
export interface Lifecycle {
  /** Whether it starts with the application. Otherwise it never does. */
  readonly autoStart: boolean;
  /** How long a start may take, in milliseconds. */
  readonly startTimeoutMs: number;
  /** How long a stop may take, in milliseconds. */
  readonly stopTimeoutMs: number;
  /** After how long a service that runs counts as started for good, in milliseconds. */
  readonly stableThresholdMs: number;
  /** Full ids of the services that must run before it: `requires` and its older name `depends_on`, each id once. */
  readonly requires: readonly string[];
  /** Whether the application fails where the service does. */
  readonly startup: "required" | "optional";
  /** What happens after it has ended by itself. */
  readonly restart: Restart;
}

/** How a `process.host` entry is declared. */
export interface ProcessHostDeclaration extends DeclarationBase {
  /** A host that processes run on. */
  readonly kind: "process.host";
  /** How many of its processes run at once; 0: as many as there are. */
  readonly workers: number;
  /** How many more may wait. */
  readonly queueSize: number;
  /** When it starts. */
  readonly lifecycle: Lifecycle;
}

/** How a `terminal.host` entry is declared. */
export interface TerminalHostDeclaration extends DeclarationBase {
  /** A host that gives one process the terminal: its streams and its arguments. */
  readonly kind: "terminal.host";
  /** Whether nothing but the process writes to the terminal. */
  readonly hideLogs: boolean;
  /** When it starts. */
  readonly lifecycle: Lifecycle;
}

/** How a `process.service` entry is declared. */
export interface ProcessServiceDeclaration extends DeclarationBase {
  /** A process that starts by itself and is watched over. */
  readonly kind: "process.service";
  /** Full id of the entry of the process. */
  readonly process: string;
  /** Full id of the host that it runs on. */
  readonly host: string;
  /** What the process is called with. */
  readonly input: readonly Plain[];
  /** When it starts. */
  readonly lifecycle: Lifecycle;
  /** Where the values stand that later checks speak about. */
  readonly where: Readonly<Record<"process" | "host" | "input", Position>>;
}
