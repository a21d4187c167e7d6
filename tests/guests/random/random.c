// Random bytes of many lengths: whether every part of them was filled, and differs from call to call.
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "random.h"
#include "report.h"

// How many of 256 equal parts hold only zeros. By chance: none, if a part has 16 bytes.
static int empty_parts(const uint8_t *bytes, size_t length) {
  int empty = 0;
  for (size_t part = 0, size = length / 256; part < 256; part++) {
    size_t i = 0;
    while (i < size && bytes[part * size + i] == 0) i++;
    empty += i == size;
  }
  return empty;
}

int program(int argc, char **argv) {
  (void)argc, (void)argv;
  uint8_t one[256], other[256];
  step("getentropy", getentropy(one, sizeof one));
  step("getentropy again", getentropy(other, sizeof other));
  value("the same", memcmp(one, other, sizeof one) == 0);
  step("getentropy of none", getentropy(one, 0));

  random_list_u8_t bytes;
  const size_t lengths[] = {4096, 65536, 65537, 200001, 16 << 20};
  for (int i = 0; i < 5; i++) {
    wasi_random_random_get_random_bytes(lengths[i], &bytes);
    printf("%zu bytes: %zu, %d parts empty\n", lengths[i], bytes.len, empty_parts(bytes.ptr, bytes.len));
    random_list_u8_free(&bytes);
  }
  wasi_random_random_get_random_bytes(0, &bytes);
  printf("0 bytes: %zu\n", bytes.len);
  wasi_random_insecure_get_insecure_random_bytes(100000, &bytes);
  printf("insecure: %zu, %d parts empty\n", bytes.len, empty_parts(bytes.ptr, bytes.len));

  value("two numbers the same", wasi_random_random_get_random_u64() == wasi_random_random_get_random_u64());
  value("two insecure ones", wasi_random_insecure_get_insecure_random_u64() == wasi_random_insecure_get_insecure_random_u64());
  random_tuple2_u64_u64_t seed;
  wasi_random_insecure_seed_insecure_seed(&seed);
  value("a seed of zeros", seed.f0 == 0 && seed.f1 == 0);
  return 0;
}
