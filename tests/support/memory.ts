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
 * Fails if what was measured grows. Garbage comes and goes: the least of each half counts, and what grows with every call
 * would show between them.
 *
 * @param sizes In MiB, one after the other.
 * @param slack How much more the second half may have.
 */
export function assertFlat(sizes: readonly number[], slack = 60): void {
  const middle = Math.ceil(sizes.length / 2);
  const first = Math.min(...sizes.slice(Math.min(2, middle - 1), middle)),
    second = Math.min(...sizes.slice(middle));
  if (second >= first + slack || Math.max(...sizes) >= 1024) {
    throw new Error(`memory grows: ${sizes.map(Math.round).join(" ")} MiB`);
  }
}
