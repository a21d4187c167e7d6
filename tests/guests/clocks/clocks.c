// Clocks: whether they run, never backwards, at the pace they say, and whether a sleep lasts as long as asked.
#include <stdint.h>
#include <time.h>
#include <unistd.h>
#include "clocks.h"
#include "report.h"

static int64_t now(clockid_t clock) {
  struct timespec time;
  return clock_gettime(clock, &time) < 0 ? -1 : time.tv_sec * 1000000000LL + time.tv_nsec;
}

static int64_t slept(int64_t nanoseconds) {
  struct timespec time = {nanoseconds / 1000000000, nanoseconds % 1000000000};
  int64_t start = now(CLOCK_MONOTONIC);
  if (nanosleep(&time, NULL) < 0) return -1;
  return now(CLOCK_MONOTONIC) - start;
}

int program(int argc, char **argv) {
  (void)argc, (void)argv;
  struct timespec resolution;
  printf("realtime: %lld\n", (long long)now(CLOCK_REALTIME));
  step("resolution of realtime", clock_getres(CLOCK_REALTIME, &resolution));
  printf("%lld ns\n", resolution.tv_sec * 1000000000LL + resolution.tv_nsec);
  step("resolution of monotonic", clock_getres(CLOCK_MONOTONIC, &resolution));
  printf("%lld ns\n", resolution.tv_sec * 1000000000LL + resolution.tv_nsec);

  long long backwards = 0, moved = 0;
  int64_t last = now(CLOCK_MONOTONIC);
  for (int i = 0; i < 200000; i++) {
    int64_t next = now(CLOCK_MONOTONIC);
    if (next < last) backwards++;
    if (next > last) moved++;
    last = next;
  }
  value("backwards", backwards);
  value("moved", moved > 0);
  const int64_t lengths[] = {0, 1000, 1000000, 50000000};
  for (int i = 0; i < 4; i++) {
    int64_t took = slept(lengths[i]);
    printf("sleep of %lld ns: %s\n", (long long)lengths[i],
      took < lengths[i] ? "too short" : took > lengths[i] + 2000000000 ? "far too long" : "long enough");
  }

  // What libc does not ask for.
  wasi_clocks_timezone_timezone_display_t zone;
  wasi_clocks_timezone_datetime_t when = {now(CLOCK_REALTIME) / 1000000000, 0};
  wasi_clocks_timezone_display(&when, &zone);
  printf("zone: %.*s, %d s from UTC\n", (int)zone.name.len, (char *)zone.name.ptr, zone.utc_offset);
  int64_t start = (int64_t)wasi_clocks_monotonic_clock_now();
  wasi_io_poll_own_pollable_t timer = wasi_clocks_monotonic_clock_subscribe_instant((uint64_t)start + 5000000);
  wasi_io_poll_method_pollable_block(wasi_io_poll_borrow_pollable(timer));
  value("an instant was waited for", (int64_t)wasi_clocks_monotonic_clock_now() - start >= 5000000);
  timer = wasi_clocks_monotonic_clock_subscribe_instant(0);
  value("an instant gone by is ready", wasi_io_poll_method_pollable_ready(wasi_io_poll_borrow_pollable(timer)));
  timer = wasi_clocks_monotonic_clock_subscribe_duration(UINT64_MAX);
  value("the end of time is not", wasi_io_poll_method_pollable_ready(wasi_io_poll_borrow_pollable(timer)));
  return 0;
}
