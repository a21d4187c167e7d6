/** The rows of peers: the same guest in other hosts, in turns, in the same run. */
import { type Host, Hosts, type Job, type Program } from "./peer_hosts.ts";
import { echoServer, webServer } from "./peer_servers.ts";
import { median, output } from "./programs.ts";
import { rates } from "./serve.ts";

/** One figure of one host. */
export interface Figure {
  readonly host: string;
  /** The median; `undefined` where the host failed. */
  readonly value: number | undefined;
}

/** One row: the same work in every host. */
export interface PeerRow {
  readonly what: string;
  readonly unit: string;
  /** Whether less is better. */
  readonly less: boolean;
  readonly figures: readonly Figure[];
}

/** A row that can be measured. */
interface Measure extends Omit<PeerRow, "figures"> {
  measure(): Promise<readonly Figure[]>;
}

/** The environment's ROUNDS, for a look; the figures that are shown are of five. */
const ROUNDS = Number(Deno.env.get("ROUNDS") ?? 5);
const LESS = true, MORE = false;

/**
 * The rows of peers.
 *
 * @param words Only rows in whose name all of these are.
 */
export async function peerRows(words: readonly string[] = []): Promise<PeerRow[]> {
  const directory = Deno.makeTempDirSync();
  try {
    await using echo = echoServer();
    await using web = webServer();
    const rows: PeerRow[] = [];
    const hosts = await Hosts.find(directory);
    const measures = peerMeasures(hosts, dataIn(directory), echo.address, web.address)
      .filter(({ what }) => words.every((word) => what.includes(word)));
    for (const { measure, ...row } of measures) rows.push({ ...row, figures: await measure() });
    return rows;
  } finally {
    Deno.removeSync(directory, { recursive: true });
  }
}

/** A directory with a file of 256 MiB. */
function dataIn(directory: string): string {
  const data = `${directory}/data`;
  Deno.mkdirSync(data);
  const bytes = new Uint8Array(1 << 20);
  using big = Deno.openSync(`${data}/big`, { write: true, create: true });
  for (let i = 0; i < 256; i++) big.writeSync(bytes);
  return data;
}

function peerMeasures(hosts: Hosts, data: string, echo: string, web: string): Measure[] {
  const component = (...words: string[]): Job => ({ guest: "peer-wasip2", kind: "component", words, data });
  const core = (...words: string[]): Job => ({ guest: "peer-wasip1", kind: "core", words, data });
  const job = (job: Job, figure = told) => () => inTurns(programs(hosts.all, job), figure);
  return [
    {
      what: "cold start, a component of 122 KB",
      unit: "ms",
      less: LESS,
      measure: job(component("start"), wall),
    },
    { what: "cold start, a core module of 94 KB", unit: "ms", less: LESS, measure: job(core("start"), wall) },
    {
      what: "instances of a component of 21 KB, each called once",
      unit: "per s",
      less: MORE,
      measure: () => inTurns(hosts.instances, told),
    },
    {
      what: "100 guests asleep for 100 ms in one process, until all are awake",
      unit: "ms",
      less: LESS,
      measure: () => inTurns(hosts.asleep(100, 100), told),
    },
    {
      what: "a call of the clock, component",
      unit: "ns",
      less: LESS,
      measure: job(component("clock", "300000")),
    },
    {
      what: "a call of the clock, core module",
      unit: "ns",
      less: LESS,
      measure: job(core("clock", "300000")),
    },
    {
      what: "256 MiB read from a file, component",
      unit: "MB/s",
      less: MORE,
      measure: job(component("read", "/data/big")),
    },
    {
      what: "256 MiB read from a file, core module",
      unit: "MB/s",
      less: MORE,
      measure: job(core("read", "/data/big")),
    },
    {
      what: "64 MiB sent through TCP and back, component",
      unit: "MB/s",
      less: MORE,
      measure: job({
        guest: "tcp",
        kind: "component",
        words: [echo, "64"],
        server: { scheme: "tcp", address: echo },
      }),
    },
    {
      what: "HTTP requests, one after the other, component",
      unit: "per s",
      less: MORE,
      measure: job({
        guest: "http-client",
        kind: "component",
        words: [web, "500"],
        server: { scheme: "http", address: web },
      }),
    },
    { what: "requests served, a fresh instance each", unit: "per s", less: MORE, measure: rates },
  ];
}

/** What a program tells itself. */
const told = (stdout: string, _ms: number) => Number(stdout);
/** From its start to its end. */
const wall = (_stdout: string, ms: number) => ms;

function programs(hosts: readonly Host[], job: Job): Program[] {
  return hosts.flatMap((host) => {
    const command = host.command(job);
    return command === undefined ? [] : [{ host: host.name, command }];
  });
}

async function inTurns(programs: readonly Program[], figure: typeof told): Promise<Figure[]> {
  const values = programs.map((): number[] => []);
  for (let round = 0; round <= ROUNDS; round++) {
    for (const [i, { command }] of programs.entries()) {
      const from = performance.now();
      const stdout = await output(command);
      // The first round fills caches.
      if (stdout !== undefined && round > 0) values[i]!.push(figure(stdout, performance.now() - from));
    }
  }
  return programs.map(({ host }, i) => ({ host, value: median(values[i]!) }));
}
