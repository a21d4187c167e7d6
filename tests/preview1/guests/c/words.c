// Strings with no library at all: a bump allocator, a function of two strings, one that returns how it was cleaned up.
typedef unsigned char byte;
typedef unsigned int u32;
typedef unsigned long usize;

#define EXPORT(name) __attribute__((export_name(name)))

extern byte __heap_base;
static u32 next;

EXPORT("alloc") void *alloc(usize size) {
  if (next == 0) next = (u32)&__heap_base;
  u32 at = (next + 7) & ~7u;
  next = at + size;
  u32 pages = (next + 0xffff) >> 16;
  u32 have = __builtin_wasm_memory_size(0);
  if (pages > have && __builtin_wasm_memory_grow(0, pages - have) == (usize)-1) __builtin_trap();
  return (void *)at;
}

static struct {
  const byte *pointer;
  usize length;
} result;
static u32 released;

// join: func(left: string, right: string) -> string
EXPORT("join") void *join(const byte *left, usize left_length, const byte *right, usize right_length) {
  byte *to = alloc(left_length + right_length);
  for (usize i = 0; i < left_length; i++) to[i] = left[i];
  for (usize i = 0; i < right_length; i++) to[left_length + i] = right[i];
  result.pointer = to;
  result.length = left_length + right_length;
  return &result;
}

EXPORT("cabi_post_join") void post_join(void *returned) {
  released = returned == &result ? released + 1 : 99;
}

// released-count: func() -> u32
EXPORT("released_count") u32 released_count(void) { return released; }

// count-bytes: func(text: string) -> u64
EXPORT("count_bytes") unsigned long long count_bytes(const byte *text, usize length) { return length; }

// scale: func(x: f64, by: f32, negative: bool, letter: char) -> f64
EXPORT("scale") double scale(double x, float by, int negative, u32 letter) {
  return (negative ? -x : x) * by + letter;
}

// narrow: func(x: s8) -> u8
EXPORT("narrow") int narrow(int x) { return x; }
