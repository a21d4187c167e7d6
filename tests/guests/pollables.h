// Waiting by WASI, and bytes as text. To be included after the bindings of a world called `net`.
#pragma once
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static inline void wait_for(wasi_io_poll_own_pollable_t pollable) {
  wasi_io_poll_method_pollable_block(wasi_io_poll_borrow_pollable(pollable));
  wasi_io_poll_pollable_drop_own(pollable);
}

static inline bool is_ready(wasi_io_poll_own_pollable_t pollable) {
  bool ready = wasi_io_poll_method_pollable_ready(wasi_io_poll_borrow_pollable(pollable));
  wasi_io_poll_pollable_drop_own(pollable);
  return ready;
}

// Which of them are ready, one character each.
static inline void poll_all(const wasi_io_poll_own_pollable_t *list, size_t length, char *ready) {
  wasi_io_poll_list_borrow_pollable_t all = {(wasi_io_poll_borrow_pollable_t *)list, length};
  net_list_u32_t which;
  memset(ready, 0, length);
  wasi_io_poll_poll(&all, &which);
  for (size_t i = 0; i < which.len; i++) ready[which.ptr[i]] = 1;
  net_list_u32_free(&which);
}

// Up to 200 bytes in quotes, or how many they are.
static inline void print_bytes(const uint8_t *bytes, size_t length) {
  if (length > 200) {
    printf("%zu bytes", length);
    return;
  }
  putchar('"');
  for (size_t i = 0; i < length; i++) {
    if (bytes[i] == '\n') printf("\\n");
    else if (bytes[i] < 32 || bytes[i] > 126) printf("\\x%02x", bytes[i]);
    else putchar(bytes[i]);
  }
  putchar('"');
}
