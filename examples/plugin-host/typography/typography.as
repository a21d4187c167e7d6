// AssemblyScript, not TypeScript. Its strings are UTF-16 in memory, and so are this component's: a string is a pointer and
// a number of units, and a result lies in memory.

const result = memory.data(8);

export function cabi_realloc(old: usize, _oldSize: usize, _align: usize, size: usize): usize {
  return old ? heap.realloc(old, size) : heap.alloc(size);
}

export function render(text: usize, units: u32): usize {
  const typeset = String.UTF16.decodeUnsafe(text, units << 1)
    .replaceAll("---", "—")
    .replaceAll("--", "–")
    .replaceAll("...", "…");
  const bytes = <usize>typeset.length << 1;
  const copy = heap.alloc(bytes);
  memory.copy(copy, changetype<usize>(typeset), bytes);
  store<usize>(result, copy);
  store<u32>(result, <u32>typeset.length, 4);
  return result;
}
