// Waiting for several things at once: `timers`, `stdin` (a line or half a second), `libc` the same by poll(),
// `empty` (which must trap), `flood` (many timers).
#include <poll.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "wait.h"
#include "report.h"

typedef wasi_io_poll_own_pollable_t pollable;

static pollable after(uint64_t milliseconds) {
  return wasi_clocks_monotonic_clock_subscribe_duration(milliseconds * 1000000);
}

static uint64_t now(void) {
  return wasi_clocks_monotonic_clock_now() / 1000000;
}

static void await(const char *what, pollable *list, size_t length) {
  wasi_io_poll_list_borrow_pollable_t all = {(wasi_io_poll_borrow_pollable_t *)list, length};
  wait_list_u32_t ready;
  uint64_t start = now();
  wasi_io_poll_poll(&all, &ready);
  printf("%s:", what);
  for (size_t i = 0; i < ready.len; i++) printf(" %u", ready.ptr[i]);
  uint64_t took = now() - start;
  printf(" (%s)\n", took < 25 ? "at once" : took < 400 ? "after a while" : "late");
  fflush(stdout);
  wait_list_u32_free(&ready);
}

static int timers(void) {
  pollable list[] = {after(10000), after(60), after(10000), after(0), after(60)};
  await("one is ready", list, 5);
  pollable later[] = {list[0], list[1], list[2], list[4]};
  await("one or both come later", later, 4);
  pollable meanwhile = after(100);
  wasi_io_poll_method_pollable_block(wasi_io_poll_borrow_pollable(meanwhile));
  await("both are ready by now", later, 4);
  pollable twice[] = {list[1], list[1]};
  await("the same one twice", twice, 2);
  value("ready", wasi_io_poll_method_pollable_ready(wasi_io_poll_borrow_pollable(list[3])));
  value("not ready", wasi_io_poll_method_pollable_ready(wasi_io_poll_borrow_pollable(list[0])));
  pollable single = after(30);
  wasi_io_poll_method_pollable_block(wasi_io_poll_borrow_pollable(single));
  value("ready after block", wasi_io_poll_method_pollable_ready(wasi_io_poll_borrow_pollable(single)));
  return 0;
}

// Standard input against a timer, until it ends.
static int input(void) {
  wasi_io_streams_own_input_stream_t stream = wasi_cli_stdin_get_stdin();
  wasi_io_streams_borrow_input_stream_t in = wasi_io_streams_borrow_input_stream(stream);
  for (int round = 0; round < 8; round++) {
    pollable list[] = {wasi_io_streams_method_input_stream_subscribe(in), after(500)};
    await("input or timer", list, 2);
    int ready = wasi_io_poll_method_pollable_ready(wasi_io_poll_borrow_pollable(list[0]));
    wasi_io_poll_pollable_drop_own(list[0]);
    wasi_io_poll_pollable_drop_own(list[1]);
    if (!ready) continue;
    wait_list_u8_t bytes;
    wasi_io_streams_stream_error_t error;
    if (!wasi_io_streams_method_input_stream_read(in, 100, &bytes, &error)) {
      printf("%s\n", error.tag == WASI_IO_STREAMS_STREAM_ERROR_CLOSED ? "closed" : "failed");
      return 0;
    }
    printf("read %zu: %.*s", bytes.len, (int)bytes.len, (char *)bytes.ptr);
    fflush(stdout);
    wait_list_u8_free(&bytes);
  }
  return 1;
}

static int libc(void) {
  struct pollfd list[2] = {{0, POLLIN, 0}, {1, POLLOUT, 0}};
  uint64_t start = now();
  value("poll of stdin, 50 ms", poll(list, 1, 50));
  value("waited", now() - start >= 50);
  value("poll of both", poll(list, 2, -1));
  value("stdout can be written", (list[1].revents & POLLOUT) != 0);
  fflush(stdout);
  value("poll of stdin", poll(list, 1, -1));
  value("stdin can be read", (list[0].revents & POLLIN) != 0);
  return 0;
}

static int flood(void) {
  static pollable list[2000];
  for (int i = 0; i < 2000; i++) list[i] = after(i == 1234 ? 20 : 60000);
  await("the one of 2000", list, 2000);
  for (int i = 0; i < 2000; i++) wasi_io_poll_pollable_drop_own(list[i]);
  for (int i = 0; i < 20000; i++) wasi_io_poll_pollable_drop_own(after(60000));
  return 0;
}

int program(int argc, char **argv) {
  if (argc != 2) return 2;
  if (strcmp(argv[1], "timers") == 0) return timers();
  if (strcmp(argv[1], "stdin") == 0) return input();
  if (strcmp(argv[1], "libc") == 0) return libc();
  if (strcmp(argv[1], "flood") == 0) return flood();
  if (strcmp(argv[1], "empty") == 0) await("nothing", NULL, 0);
  return 2;
}
