// AssemblyScript, not TypeScript. Its strings are UTF-16 in memory, and so are this component's.
// The canonical ABI is written out by hand: a string is a pointer and a number of units, a result lies in memory.

@external("test:words/notes@0.1.0", "note")
declare function note(text: usize, units: u32): u32;

const area = memory.data(8);

export function cabi_realloc(old: usize, _oldSize: usize, _align: usize, size: usize): usize {
  return old ? heap.realloc(old, size) : heap.alloc(size);
}

function take(text: usize, units: u32): string {
  const taken = String.UTF16.decodeUnsafe(text, units << 1);
  if (text) heap.free(text);
  return taken;
}

function give(text: string, at: usize): void {
  const bytes = <usize>text.length << 1;
  const copy = heap.alloc(bytes);
  memory.copy(copy, changetype<usize>(text), bytes);
  store<usize>(at, copy);
  store<u32>(at, <u32>text.length, 4);
}

export function greet(name: usize, units: u32): usize {
  give(`Hello, ${take(name, units)}!`, area);
  return area;
}

export function cabi_post_greet(at: usize): void {
  heap.free(load<usize>(at));
}

export function reverse(text: usize, units: u32): usize {
  const words = take(text, units).split(" ").reverse();
  const list = heap.alloc(<usize>words.length << 3);
  for (let i = 0; i < words.length; i++) give(words[i], list + (<usize>i << 3));
  store<usize>(area, list);
  store<u32>(area, <u32>words.length, 4);
  return area;
}

export function cabi_post_reverse(at: usize): void {
  const list = load<usize>(at);
  for (let i: u32 = 0; i < load<u32>(at, 4); i++) heap.free(load<usize>(list + (<usize>i << 3)));
  heap.free(list);
}

export function tell(text: usize, units: u32): u32 {
  const taken = take(text, units);
  return note(changetype<usize>(taken), <u32>taken.length) + <u32>taken.length;
}

export function fibonacci(n: u32): u64 {
  let a: u64 = 0, b: u64 = 1;
  for (; n > 0; n--) {
    const next = a + b;
    a = b;
    b = next;
  }
  return a;
}
