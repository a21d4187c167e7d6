/** Which of Deno's permissions a guest's process asks for: Deno writes down each one that it checks. */
import { JOB, type Job } from "../../src/compartment/job.ts";
import { type GuestSpec, plainSpec } from "../../src/compartment/spec.ts";
import { denoArguments } from "../../src/compartment/start.ts";
import { runtimeVariables } from "../../src/sandbox/mod.ts";
import { repository } from "../support/airlock.ts";

/** A permission that was checked. */
export interface Use {
  readonly permission: string;
  readonly value: string;
}

/** Runs a guest in a process with exactly the flags of its grant, and nothing else around it, since that hides the file. */
export async function usesOf(
  spec: GuestSpec,
  words: readonly string[],
): Promise<{ uses: Use[]; stdout: string; stderr: string }> {
  const file = await Deno.makeTempFile({ prefix: "airlock-uses-" });
  try {
    const job: Job & { readonly spec: unknown } = { spec: plainSpec(spec), words, env: spec.grant.env };
    const { stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: denoArguments(spec, "run", [JOB]),
      cwd: repository,
      clearEnv: true,
      env: { ...runtimeVariables(), [JOB]: JSON.stringify(job), DENO_AUDIT_PERMISSIONS: file },
      stdin: "null",
    }).output();
    const lines = (await Deno.readTextFile(file)).split("\n").filter((line) => line !== "");
    const text = new TextDecoder();
    return {
      uses: lines.map((line) => JSON.parse(line)),
      stdout: text.decode(stdout),
      stderr: text.decode(stderr),
    };
  } finally {
    await Deno.remove(file);
  }
}
