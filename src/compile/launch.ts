/**
 * The part of a compiled program that confines itself, and becomes the process of a guest.
 *
 * @module
 */
import { launch, runtimeVariables } from "../sandbox/mod.ts";

/**
 * Carries an order out. The guest's variables are told it later, by the process that calls it.
 *
 * @param text The order.
 */
export function launchGuest(text: string): void {
  launch(text, () => runtimeVariables());
}
