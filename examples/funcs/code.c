// Digits by chance.
#include "code.h"
#include <stdlib.h>

void exports_code_code(uint32_t length, code_string_t *code) {
  *code = (code_string_t){ malloc(length), length };
  for (size_t i = 0; i < length; i++) code->ptr[i] = '0' + wasi_random_random_get_random_u64() % 10;
}
