/**
 * `deno task bench`: the table of promises, each figure against a floor measured in the same run, and the rows of peers.
 *
 * `deno task bench promises`: only the table. `deno task bench peers [word…]`: only the rows of peers, of them only those in
 * whose name all the words are.
 */
import { chart, figure } from "./chart.ts";
import { echoRows } from "./echo.ts";
import { engineRows } from "./engine.ts";
import { fileRows } from "./files.ts";
import { serveRows } from "./serve.ts";
import type { Row } from "./measure.ts";
import { type PeerRow, peerRows } from "./peers.ts";
import { type Sleepers, sleepers } from "./sleepers.ts";
import { startRows } from "./start.ts";

const [only, ...words] = Deno.args;
if (only !== undefined && only !== "peers" && only !== "promises") {
  throw new Error(`nothing here is called ${only}: promises, peers [word…]`);
}
if (only !== "peers") write({ promises: { ...await promises() } });
if (only !== "promises") {
  const rows = await peers();
  // Neither file is written of less than it shows.
  if (words.length === 0) {
    write({ peers: { rows } });
    Deno.writeTextFileSync(new URL("peers.svg", import.meta.url), chart(rows));
  }
}

/** Puts one half of the figures, or the other, into bench.json. */
function write(half: Readonly<Record<string, object>>): void {
  const file = "bench.json";
  let before = {};
  try {
    before = JSON.parse(Deno.readTextFileSync(file));
  } catch {
    // There is none yet.
  }
  const [[name, figures]] = Object.entries(half) as [[string, object]];
  const all = { ...before, [name]: { when: new Date().toISOString(), deno: Deno.version, ...figures } };
  Deno.writeTextFileSync(file, `${JSON.stringify(all, null, 2)}\n`);
}

/** Measures and prints the rows of peers. */
async function peers(): Promise<PeerRow[]> {
  const rows = await peerRows(words);
  for (const { what, unit, figures } of rows) {
    const each = figures.map(({ host, value }) =>
      `${host} ${value === undefined ? "failed" : figure(value)}`
    );
    console.log(`${what}, ${unit}: ${each.join("; ")}`);
  }
  return rows;
}

/** Measures and prints the table of promises. */
async function promises(): Promise<{ rows: Row[]; asleep: Sleepers }> {
  const rows: Row[] = [
    ...await engineRows(),
    ...await startRows(),
    ...await fileRows(),
    ...await echoRows(),
    ...await serveRows(),
  ];
  const asleep = await sleepers();

  const time = (ns: number) =>
    ns < 1e4
      ? `${ns.toFixed(1)} ns`
      : ns < 1e6
      ? `${(ns / 1e3).toFixed(1)} µs`
      : `${(ns / 1e6).toFixed(1)} ms`;
  const table = rows.map((r) => [
    r.what,
    time(r.ns),
    r.floor,
    time(r.floorNs),
    `${r.ratio.toFixed(2)}×`,
    `≤ ${Number(r.promise.toFixed(2))}×`,
    r.ratio <= r.promise ? "kept" : "MISSED",
  ]);
  const head = ["what", "ours", "floor", "floor's", "ratio", "promise", ""];
  const widths = head.map((h, i) => Math.max(h.length, ...table.map((row) => row[i]!.length)));
  for (const row of [head, ...table]) {
    console.log(row.map((cell, i) => cell.padEnd(widths[i]!)).join("  ").trimEnd());
  }
  const awake = asleep.awakeMs / asleep.sleepMs;
  console.log(
    `${asleep.guests} guests asleep at once: ${asleep.kibEach.toFixed(1)} KiB each (promise ≤ 20 KiB), ` +
      `all awake within ${awake.toFixed(2)}× of the sleep (promise ≤ 1.2×)`,
  );
  return { rows, asleep };
}
