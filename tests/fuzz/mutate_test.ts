import assert from "node:assert/strict";
import { mutant, original } from "./mutate.ts";

/** How many mutants; a longer run is `AIRLOCK_FUZZ_MUTANTS=100000 deno test -A tests/fuzz/`. */
const MUTANTS = Number(Deno.env.get("AIRLOCK_FUZZ_MUTANTS") ?? 5_000);
/** Where the numbering of mutants begins; another one makes other mutants. */
const FIRST = Number(Deno.env.get("AIRLOCK_FUZZ_FIRST") ?? 0);
/** No step of one mutant may take longer, on a machine that does other things beside. */
const STEP_MS = 10_000;
/** Resident memory that a process may have after any of its mutants. */
const MAX_MIB = 1_024;
const MAX_BYTES = 250_000;
const CHILDREN = 2;

const root = new URL("../../", import.meta.url);
const files = ["examples/", "tests/guests/"].flatMap((folder) =>
  [...Deno.readDirSync(new URL(folder, root))].filter((entry) => entry.isDirectory).flatMap(({ name }) =>
    [...Deno.readDirSync(new URL(`${folder}${name}/`, root))]
      .filter((entry) => entry.name.endsWith(".wasm"))
      .map((entry) => new URL(`${folder}${name}/${entry.name}`, root).pathname)
  )
).filter((file) => isSmallComponent(file)).sort();

Deno.test(`each of ${MUTANTS} mutants of real components gives an instance or a typed error, in time`, async () => {
  assert.ok(files.length >= 5, "there are components to make mutants of");
  const share = Math.ceil(MUTANTS / CHILDREN);
  const reports = await Promise.all(
    Array.from(
      { length: CHILDREN },
      (_, i) => watch(FIRST + i * share, FIRST + Math.min(MUTANTS, (i + 1) * share)),
    ),
  );
  assert.deepEqual(reports.flatMap((report) => report.wrong), []);
  const results = new Map<string, number>();
  for (const report of reports) {
    for (const [name, n] of report.results) results.set(name, (results.get(name) ?? 0) + n);
  }
  // A sweep that reaches nothing proves nothing.
  assert.equal([...results.values()].reduce((a, b) => a + b, 0), MUTANTS);
  for (const name of ["instance", "DecodeError"]) {
    assert.ok((results.get(name) ?? 0) > MUTANTS / 50, `${name} is rare: ${JSON.stringify([...results])}`);
  }
});

Deno.test("a mutant is the same whenever it is made", () => {
  const from = original(Deno.readFileSync(files[0]!));
  for (let seed = 0; seed < 50; seed++) assert.deepEqual(mutant(from, seed), mutant(from, seed));
});

interface Report {
  readonly results: Map<string, number>;
  readonly wrong: string[];
}

/** Runs mutants in a child process; one that hangs is killed, and another goes on with the next mutant. */
async function watch(first: number, end: number): Promise<Report> {
  const report: Report = { results: new Map(), wrong: [] };
  const count = (result: string) => report.results.set(result, (report.results.get(result) ?? 0) + 1);
  for (let next = first; next < end;) {
    const child = new Deno.Command(Deno.execPath(), {
      args: [
        "run",
        "--no-prompt",
        "--no-check",
        "--allow-read",
        new URL("child.ts", import.meta.url).pathname,
        String(next),
        String(end - next),
        ...files,
      ],
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    const stderr = new Response(child.stderr).text();
    let stage = "start", timer: ReturnType<typeof setTimeout> | undefined, killed = false;
    const alarm = () => {
      clearTimeout(timer);
      timer = setTimeout(() => {
        killed = true;
        child.kill("SIGKILL");
      }, STEP_MS);
    };
    alarm();
    for await (const line of lines(child.stdout)) {
      alarm();
      const [word, seed, detail, ...rest] = line.split(" ");
      if (word !== "done") {
        stage = line;
        continue;
      }
      const result = rest.join(" ");
      next = Number(seed) + 1;
      if (result.startsWith("untyped")) report.wrong.push(`mutant ${seed} of ${fileOf(seed!)}: ${result}`);
      if (Number(detail) > MAX_MIB) {
        report.wrong.push(`mutant ${seed} of ${fileOf(seed!)}: ${detail} MiB resident`);
      }
      count(result.startsWith("untyped") ? "untyped" : result);
    }
    clearTimeout(timer);
    const { success } = await child.status;
    if (next >= end) break;
    // A start function that loops is the guest's own doing; anything else that hangs or dies is ours.
    if (!(killed && stage.startsWith("instantiate"))) {
      report.wrong.push(
        `mutant ${next} of ${fileOf(String(next))}: ${
          killed ? "hangs" : "dies"
        } after \`${stage}\`: ${await stderr}`,
      );
    }
    assert.ok(!success || killed, "the child stopped early");
    count("stopped");
    next++;
  }
  return report;
}

function fileOf(seed: string): string {
  return files[Number(seed) % files.length]!.slice(root.pathname.length);
}

async function* lines(stream: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  let rest = "";
  for await (const chunk of stream.pipeThrough(new TextDecoderStream())) {
    const parts = (rest + chunk).split("\n");
    rest = parts.pop()!;
    yield* parts;
  }
}

function isSmallComponent(file: string): boolean {
  const bytes = Deno.readFileSync(file);
  return bytes.length <= MAX_BYTES && bytes[6] === 1;
}
