// Passwords. All that it can do is draw random numbers.
#include "generator.h"

static const char characters[64] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

void exports_generator_password(uint32_t length, generator_string_t *password) {
  generator_list_u8_t bytes;
  wasi_random_random_get_random_bytes(length, &bytes);
  for (size_t i = 0; i < bytes.len; i++) bytes.ptr[i] = characters[bytes.ptr[i] % 64];
  *password = (generator_string_t){ bytes.ptr, bytes.len };
}
