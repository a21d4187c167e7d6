/** The fence table: every forbidden act, and which wall holds it; and what is granted. */
import type { Act } from "./act.ts";
import { files } from "./acts_files.ts";
import { granted } from "./acts_granted.ts";
import { kernel } from "./acts_kernel.ts";
import { network } from "./acts_network.ts";
import { processes } from "./acts_processes.ts";

/** All rows. */
export const acts: readonly Act[] = [...files, ...network, ...processes, ...kernel, ...granted];
