/**
 * Classic BPF, as far as a system call filter needs it: `struct sock_filter` programs over `struct seccomp_data`.
 *
 * @see https://docs.kernel.org/userspace-api/seccomp_filter.html
 *
 * @module
 */

/** What a filter answers. */
export type Verdict = "allow" | { readonly errno: number };

/** A question about one of a call's six arguments; each is 64 bits wide. */
export interface Question {
  /** Which argument, from 0. */
  readonly arg: number;
  /** Whether the upper half is meant, and not the lower. */
  readonly upper?: boolean;
  /** Only these bits are looked at; by default all 32. */
  readonly mask?: number;
  /** What they must be, exactly. */
  readonly is: number;
}

/** What becomes of a call, in case all the questions are answered with yes. */
export interface Case {
  readonly when: readonly Question[];
  readonly then: Verdict;
}

/** What becomes of one system call. */
export interface Rule {
  readonly number: number;
  /** The first that fits decides. */
  readonly cases: readonly Case[];
  /** If none does. */
  readonly otherwise: Verdict;
}

/** What a filter is made of. */
export interface Policy {
  /** The `AUDIT_ARCH_*` that is expected; calls by another convention do not exist. */
  readonly audit: number;
  /** Calls above this number do not exist either: those of x32, and those newer than the policy. */
  readonly highest: number;
  readonly rules: readonly Rule[];
}

const LOAD = 0x20, AND = 0x54, JUMP_EQUAL = 0x15, JUMP_GREATER = 0x25, RETURN = 0x06;
const RET_ALLOW = 0x7fff_0000, RET_ERRNO = 0x0005_0000;
const ENOSYS = 38;
const AT_NUMBER = 0, AT_ARCH = 4, AT_ARGS = 16;

/** One instruction: operation, steps to skip if a test holds or fails, operand. */
type Instruction = readonly [code: number, jt: number, jf: number, k: number];

/**
 * Assembles a filter. Every call that no rule names is allowed.
 *
 * @returns The program: 8 bytes an instruction, in the byte order of both architectures that this room knows.
 */
export function assemble({ audit, highest, rules }: Policy): ArrayBuffer {
  const absent = ret({ errno: ENOSYS });
  const program: Instruction[] = [
    [LOAD, 0, 0, AT_ARCH],
    [JUMP_EQUAL, 1, 0, audit],
    absent,
    [LOAD, 0, 0, AT_NUMBER],
    [JUMP_GREATER, 0, 1, highest],
    absent,
  ];
  for (const rule of rules) {
    const body = bodyOf(rule);
    // The accumulator holds the number until a rule fits, and no rule comes back.
    program.push([JUMP_EQUAL, 0, steps(body.length), rule.number], ...body);
  }
  program.push(ret("allow"));
  if (program.length > 4096) {
    throw new RangeError("the kernel takes no filter of more than 4,096 instructions");
  }
  return encode(program);
}

function bodyOf({ cases, otherwise }: Rule): Instruction[] {
  return [...cases.flatMap(caseOf), ret(otherwise)];
}

function caseOf({ when, then }: Case): Instruction[] {
  const tests = when.map(({ arg, upper = false, mask, is }): Instruction[] => [
    [LOAD, 0, 0, AT_ARGS + 8 * arg + (upper ? 4 : 0)],
    ...(mask === undefined ? [] : [[AND, 0, 0, mask] as const]),
    [JUMP_EQUAL, 0, 0, is],
  ]);
  const length = tests.reduce((sum, test) => sum + test.length, 1);
  let at = 0;
  const program = tests.flatMap((test) => {
    at += test.length;
    // If not, on to the next case.
    const [code, jt, , k] = test.at(-1)!;
    return [...test.slice(0, -1), [code, jt, steps(length - at), k] as const];
  });
  return [...program, ret(then)];
}

function ret(verdict: Verdict): Instruction {
  return [RETURN, 0, 0, verdict === "allow" ? RET_ALLOW : RET_ERRNO | verdict.errno];
}

function steps(count: number): number {
  if (count > 255) throw new RangeError("a rule is too long for one jump");
  return count;
}

function encode(program: readonly Instruction[]): ArrayBuffer {
  const view = new DataView(new ArrayBuffer(8 * program.length));
  program.forEach(([code, jt, jf, k], i) => {
    view.setUint16(8 * i, code, true);
    view.setUint8(8 * i + 2, jt);
    view.setUint8(8 * i + 3, jf);
    view.setUint32(8 * i + 4, k, true);
  });
  return view.buffer;
}
