/**
 * A process that starts a confined child, passes its output on, and ends as it does. `--without-landlock` before the child's
 * words: on a kernel that has none; `--partly`: with whatever part of the wall there is.
 */
import { assemble } from "../../src/sandbox/bpf.ts";
import { loadKernel } from "../../src/sandbox/libc.ts";
import { noNewPrivileges } from "../../src/sandbox/privileges.ts";
import { install } from "../../src/sandbox/seccomp.ts";
import { numberOf } from "../../src/sandbox/syscalls.ts";
import { start } from "./support.ts";

const options = new Set(Deno.args.filter((word) => word.startsWith("--")));
const words = Deno.args.filter((word) => !word.startsWith("--"));

if (options.has("--without-landlock")) {
  const loaded = loadKernel();
  if (!("kernel" in loaded)) throw new Error(loaded.reason);
  const { kernel } = loaded;
  noNewPrivileges(kernel);
  const number = numberOf(kernel.arch, "landlock_create_ruleset")!;
  const audit = kernel.arch === "x86_64" ? 0xc000_003e : 0xc000_00b7;
  const rules = [{ number, cases: [], otherwise: { errno: 38 } }];
  install(kernel, assemble({ audit, highest: 100_000, rules }));
}

const child = start(words.length > 0 ? words : ["sleep"], {
  whole: !options.has("--partly"),
  stdout: "inherit",
  stderr: "inherit",
});
Deno.exit((await child.status).code);
