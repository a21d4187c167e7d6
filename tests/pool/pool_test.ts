/** Every kind of pool keeps the contract. */
import { AdaptiveSlots } from "../../src/pool/adaptive.ts";
import { openPool } from "../../src/pool/pool.ts";
import { contract } from "./contract.ts";

const none = "its queue has no bound";

contract({
  name: "inline",
  make: () => openPool({ type: "inline", workers: 1, buffer: 0 }),
  slots: 1,
  queue: { none },
});
contract({
  name: "lazy",
  make: () => openPool({ type: "lazy", workers: 5, buffer: 0 }),
  slots: 5,
  queue: { none },
});
contract({
  name: "static",
  make: () => openPool({ type: "static", workers: 2, buffer: 3 }),
  slots: 2,
  queue: 3,
});
contract({
  name: "adaptive",
  // Time stands still: it has one slot, and no more.
  make: () => new AdaptiveSlots(8, 16, { now: () => 0, every: () => () => {} }),
  slots: 1,
  queue: 16,
});
