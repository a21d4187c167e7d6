// Waits for many timers at once: `poll` returns as soon as one is due, and says which are.
#include "scheduler.h"
#include <stdlib.h>

void exports_scheduler_run(scheduler_list_job_t *jobs, scheduler_list_string_t *due) {
  size_t waiting = jobs->len;
  wasi_io_poll_own_pollable_t *timers = calloc(waiting, sizeof *timers);
  wasi_io_poll_borrow_pollable_t *asked = calloc(waiting, sizeof *asked);
  scheduler_string_t *names = calloc(waiting, sizeof *names);
  *due = (scheduler_list_string_t){ calloc(waiting, sizeof *due->ptr), 0 };
  for (size_t i = 0; i < waiting; i++) {
    timers[i] = wasi_clocks_monotonic_clock_subscribe_duration(jobs->ptr[i].after_ms * 1000000ull);
    names[i] = jobs->ptr[i].name;
  }
  while (waiting > 0) {
    for (size_t i = 0; i < waiting; i++) asked[i] = wasi_io_poll_borrow_pollable(timers[i]);
    scheduler_list_u32_t ready; // places in the list
    wasi_io_poll_poll(&(wasi_io_poll_list_borrow_pollable_t){ asked, waiting }, &ready);
    for (size_t i = 0; i < ready.len; i++) {
      due->ptr[due->len++] = names[ready.ptr[i]];
      wasi_io_poll_pollable_drop_own(timers[ready.ptr[i]]);
      timers[ready.ptr[i]].__handle = 0; // no handle is 0
    }
    size_t left = 0;
    for (size_t i = 0; i < waiting; i++) {
      if (timers[i].__handle == 0) continue;
      timers[left] = timers[i];
      names[left++] = names[i];
    }
    waiting = left;
  }
}
