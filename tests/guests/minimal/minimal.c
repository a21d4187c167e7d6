#include "minimal.h"

uint32_t exports_minimal_compute(uint32_t a, uint32_t b) {
  return a * b;
}

uint32_t exports_minimal_compute_using_host(uint32_t a, uint32_t b) {
  return test_minimal_host_add(a, b);
}
