// The beginning of a program that has bindings of wit-bindgen. Where nobody calls __wasm_call_ctors, the linker makes a
// program of each export, of the bindings' realloc too: one that sets libc up and flushes its streams, and so calls
// out, which no realloc may do.
#include <stdlib.h>

void __wasm_call_ctors(void);
int program(int argc, char **argv);

int main(int argc, char **argv) {
  __wasm_call_ctors();
  exit(program(argc, argv));
}
