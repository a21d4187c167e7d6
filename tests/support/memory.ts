/** How much memory processes take. */

/** Resident memory of a process and of those that it has started, in MiB; 0 where that is not told. */
export async function memory(pid: number): Promise<number> {
  const status = await Deno.readTextFile(`/proc/${pid}/status`).catch(() => "");
  const kib = Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0);
  const children = await Deno.readTextFile(`/proc/${pid}/task/${pid}/children`).catch(() => "");
  let total = kib / 1024;
  for (const child of children.split(" ").filter(Boolean)) total += await memory(Number(child));
  return total;
}

/**
 * Fails if what was measured grows. Garbage comes and goes, and a process takes a while to its size: the least of the
 * second third and of the last one count, and what grows with every call would show between them.
 *
 * @param sizes In MiB, one after the other.
 * @param slack How much more the last third may have.
 */
export function assertFlat(sizes: readonly number[], slack = 60): void {
  const from = Math.floor(sizes.length / 3), to = Math.ceil(sizes.length * 2 / 3);
  const first = Math.min(...sizes.slice(from, to)), second = Math.min(...sizes.slice(to));
  if (second >= first + slack || Math.max(...sizes) >= 1024) {
    throw new Error(`memory grows: ${sizes.map(Math.round).join(" ")} MiB`);
  }
}
