/** A worker that is sent a compiled component and calls it. */
import { Component, type ComponentData } from "../../src/component/mod.ts";

const scope = globalThis as unknown as {
  onmessage: (event: MessageEvent<ComponentData>) => void;
  postMessage(message: unknown): void;
};
scope.onmessage = ({ data }) => {
  const from = performance.now();
  const component = Component.from(data);
  const ms = performance.now() - from;
  scope.postMessage({ ms, sum: component.instantiateSync().exports.add(20, 22) });
};
