/** A process that does as its first word says. */
import { confine, runtimePaths, runtimeVariables } from "../../src/sandbox/mod.ts";

/** What `tell` prints. */
export interface Told {
  readonly pid: number;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  /** Of `/proc/self/status`. */
  readonly status: Readonly<Record<string, string>>;
  /** What its descriptors lead to, by number. */
  readonly files: Readonly<Record<string, string>>;
}

const here = decodeURIComponent(new URL(import.meta.url).pathname);
const [word, ...rest] = Deno.args;

switch (word) {
  case "tell":
    console.log(JSON.stringify(tell()));
    break;
  case "report":
    console.log(JSON.stringify(confine(JSON.parse(rest[0]!)).report));
    break;
  case "exit":
    Deno.exit(Number(rest[0]));
    break;
  case "read":
    console.log(Deno.readTextFileSync(rest[0]!));
    break;
  case "echo":
    await Deno.stdin.readable.pipeTo(Deno.stdout.writable);
    break;
  case "sleep":
    console.log(Deno.pid);
    setInterval(() => {}, 1_000_000);
    break;
  case "loop":
    console.log(Deno.pid);
    for (;;);
  case "deno": {
    const { code, stdout, stderr } = new Deno.Command(Deno.execPath(), { args: rest, stdin: "inherit" })
      .outputSync();
    Deno.stdout.writeSync(stdout);
    Deno.stderr.writeSync(stderr);
    Deno.exit(code);
    break;
  }
  case "become": {
    // Another one of these, behind the wall.
    const [confinement, ...words] = rest;
    const needs = runtimePaths({
      sources: [here, `${here.slice(0, -"tests/sandbox/child.ts".length)}src/sandbox`],
    });
    const given = JSON.parse(confinement!);
    const confined = confine({
      ...given,
      read: [...given.read, ...needs.read],
      execute: [...given.execute, ...needs.execute],
    });
    confined.exec({
      path: Deno.execPath(),
      args: [
        "deno",
        "run",
        "--quiet",
        "--no-config",
        "--no-lock",
        "--cached-only",
        "--allow-all",
        here,
        ...words,
      ],
      env: { ...runtimeVariables(), GIVEN: "yes" },
    });
  }
}

function tell(): Told {
  const status = Deno.readTextFileSync("/proc/self/status").trim().split("\n").map((line) =>
    line.split(/:\s*/)
  );
  const files = [...Deno.readDirSync("/proc/self/fd")].flatMap(({ name }) => {
    try {
      return [[name, Deno.readLinkSync(`/proc/self/fd/${name}`)]];
    } catch {
      return []; // The one that lists them.
    }
  });
  return {
    pid: Deno.pid,
    args: rest,
    env: Deno.env.toObject(),
    cwd: Deno.cwd(),
    status: Object.fromEntries(status),
    files: Object.fromEntries(files),
  };
}
