/** Transcripts in Markdown: fenced blocks in which `$ ` begins a command and what follows is its output. */
import { environment, repository } from "./airlock.ts";

/** One command and what it printed. */
export interface Step {
  readonly command: string;
  readonly output: string;
}

/** A fenced block. */
export interface Block {
  /** The word after the fence. */
  readonly language: string;
  readonly text: string;
  /** The line of the fence, from 1. */
  readonly line: number;
}

/** All fenced blocks of a text. */
export function blocks(markdown: string): Block[] {
  return [...markdown.matchAll(/^```(\w*)\n([^]*?)^```$/gm)].map((match) => ({
    language: match[1]!,
    text: match[2]!,
    line: markdown.slice(0, match.index).split("\n").length,
  }));
}

/** The commands of a block, if it is a transcript. */
export function steps(block: Block): Step[] {
  const parts = block.text.split(/^\$ /m);
  if (parts[0]!.trim() !== "") return [];
  return parts.slice(1).map((part) => {
    const [command = "", ...output] = part.split("\n");
    return { command, output: output.join("\n").trimEnd() };
  });
}

/** Runs the commands of one transcript in one shell, by default at the top of the repository: stdout and stderr of each. */
export async function perform(transcript: readonly Step[], cwd: string = repository): Promise<string[]> {
  const mark = `=== ${crypto.randomUUID()} ===`;
  const script = transcript.map(({ command }) => `${command}\necho '${mark}'`).join("\n");
  const { stdout } = await new Deno.Command("bash", {
    args: ["-c", `shopt -s expand_aliases\nexec 2>&1\n${script}`],
    cwd,
    clearEnv: true,
    env: environment(),
    stdin: "null",
  }).output();
  const outputs = new TextDecoder().decode(stdout).split(`${mark}\n`);
  return transcript.map((_, i) => (outputs[i] ?? "(did not run)").trimEnd());
}
