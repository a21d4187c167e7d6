/**
 * `wasi:io/poll`: {@link https://github.com/WebAssembly/wasi-io/blob/v0.2.3/wit/poll.wit}
 *
 * @module
 */
import { Trap } from "../../component/error.ts";
import { suspending } from "../../component/link/suspending.ts";
import { turn } from "./turn.ts";
import { type Waitable, whenAny, whenReady } from "./waitable.ts";

/** `resource pollable`: an event that a guest can wait for. */
export class Pollable implements Waitable {
  #event: Waitable | undefined;

  static {
    suspending(this.prototype.block);
  }

  /** @param event What the guest waits for. */
  constructor(event: Waitable) {
    this.#event = event;
  }

  /** `ready: func() -> bool`: whether it is ready now. */
  ready(): boolean {
    return this.#live().ready();
  }

  /** `block: func()`: returns when it is ready; a promise only if it must wait for that. */
  block(): void | Promise<void> {
    const event = this.#live();
    return event.ready() ? turn() : whenReady(event);
  }

  /** For the host: be told when it may have become ready. See {@linkcode Waitable.watch}. */
  watch(wake: () => void): () => void {
    return this.#live().watch(wake);
  }

  /** Drops the event. Streams and timers hold nothing for a pollable that nobody waits on. */
  [Symbol.dispose](): void {
    this.#event = undefined;
  }

  #live(): Waitable {
    if (this.#event === undefined) throw new Trap("wasi:io/poll: the pollable was dropped");
    return this.#event;
  }
}

/**
 * `poll: func(in: list<borrow<pollable>>) -> list<u32>`: waits until at least one of the list is ready.
 *
 * @param pollables What to wait for; the same one may occur more than once.
 * @returns The index of every member that is ready, ascending; a promise only if none is.
 * @throws {Trap} The list is empty.
 */
export function poll(pollables: readonly Pollable[]): Uint32Array | Promise<Uint32Array> {
  if (pollables.length === 0) throw new Trap("wasi:io/poll.poll: the list of pollables is empty");
  const indices = readyIndices(pollables);
  if (indices.length === 0) return whenAny(pollables).then(() => readyIndices(pollables));
  return turn()?.then(() => readyIndices(pollables)) ?? indices;
}
suspending(poll);

function readyIndices(pollables: readonly Pollable[]): Uint32Array {
  const indices: number[] = [];
  for (let i = 0; i < pollables.length; i++) if (pollables[i]!.ready()) indices.push(i);
  return Uint32Array.from(indices);
}
