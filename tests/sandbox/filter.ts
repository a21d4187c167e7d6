/** What a system call filter answers, found out by running its program as the kernel does. */

/** A system call, as a filter sees it. */
export interface Call {
  readonly number: number;
  readonly audit: number;
  readonly args?: readonly (number | bigint)[];
}

/**
 * Runs a filter.
 *
 * @returns `allow`, or the error number.
 * @throws {Error} If the program does what no filter may: another operation, or a step beyond its end.
 */
export function answer(program: ArrayBuffer, { number, audit, args = [] }: Call): "allow" | number {
  // struct seccomp_data
  const data = new DataView(new ArrayBuffer(64));
  data.setInt32(0, number, true);
  data.setUint32(4, audit, true);
  args.forEach((arg, i) => data.setBigUint64(16 + 8 * i, BigInt.asUintN(64, BigInt(arg)), true));
  const code = new DataView(program);
  let accumulator = 0;
  for (let at = 0; at < program.byteLength; at += 8) {
    const operation = code.getUint16(at, true), jt = code.getUint8(at + 2), jf = code.getUint8(at + 3);
    const k = code.getUint32(at + 4, true);
    switch (operation) {
      case 0x20: // BPF_LD | BPF_W | BPF_ABS
        accumulator = data.getUint32(k, true);
        break;
      case 0x54: // BPF_ALU | BPF_AND | BPF_K
        accumulator = (accumulator & k) >>> 0;
        break;
      case 0x15: // BPF_JMP | BPF_JEQ | BPF_K
        at += 8 * (accumulator === k ? jt : jf);
        break;
      case 0x25: // BPF_JMP | BPF_JGT | BPF_K
        at += 8 * (accumulator > k ? jt : jf);
        break;
      case 0x06: // BPF_RET | BPF_K
        if (k === 0x7fff_0000) return "allow";
        if (k >>> 16 === 5) return k & 0xffff;
        throw new Error(`it returns ${k.toString(16)}`);
      default:
        throw new Error(`operation ${operation.toString(16)}`);
    }
  }
  throw new Error("it has no end");
}
