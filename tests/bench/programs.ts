/** Programs that the rows of peers run: whether they are here, and what they print. */

/** The path of a file beside this one. */
export const file = (name: string): string => new URL(name, import.meta.url).pathname;

/** Whether a program is on the path. */
export async function installed(program: string): Promise<boolean> {
  const args = ["-c", `command -v ${program}`];
  return (await new Deno.Command("sh", { args, stdout: "null" }).output()).success;
}

/** What was said of programs that failed: once, however many rounds there are. */
const complaints = new Set<string>();

/** What a program prints; `undefined` where it fails, and then what it complains of is said. */
export async function output([program, ...args]: readonly string[]): Promise<string | undefined> {
  const { success, code, stdout, stderr } = await new Deno.Command(program!, { args: [...args] }).output();
  if (success) return new TextDecoder().decode(stdout);
  const lines = new TextDecoder().decode(stderr).split("\n");
  const reason = lines.find((line) => /error|panic/i.test(line)) ?? lines[0];
  const complaint = `failed, with ${code}: ${[program, ...args].join(" ")}\n  ${reason}`;
  if (!complaints.has(complaint)) console.log(complaint);
  complaints.add(complaint);
  return undefined;
}

/** The one in the middle. */
export function median(values: number[]): number | undefined {
  return values.sort((a, b) => a - b)[values.length >> 1];
}
