// The standard streams: `echo`, `count`, `fill N` (N bytes to stdout, then exit at once), `both`, `line`, `pipe` (until nobody reads).
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "report.h"

static char block[65536];

// Everything from standard input to standard output, unbuffered, as it comes.
static int echo(void) {
  for (ssize_t count; (count = read(0, block, sizeof block)) > 0;) {
    for (ssize_t done = 0, part; done < count; done += part) {
      if ((part = write(1, block + done, count - done)) < 0) return 1;
    }
  }
  return 0;
}

static int count(void) {
  long long total = 0, sum = 0;
  for (ssize_t part; (part = read(0, block, sizeof block)) > 0; total += part) {
    for (ssize_t i = 0; i < part; i++) sum += (unsigned char)block[i];
  }
  printf("%lld bytes, sum %lld\n", total, sum);
  value("read after the end", read(0, block, 1));
  return 0;
}

static int fill(long long bytes) {
  for (size_t i = 0; i < sizeof block; i++) block[i] = (char)('a' + i % 26);
  while (bytes > 0) {
    ssize_t part = write(1, block, bytes < (long long)sizeof block ? (size_t)bytes : sizeof block);
    if (part < 0) return 1;
    bytes -= part;
  }
  return 0;
}

// Writes until the reader has gone, and says on stderr how that looked.
static int until_broken(void) {
  for (int i = 0; i < 100000; i++) {
    if (write(1, block, sizeof block) >= 0) continue;
    fprintf(stderr, "write: %s\n", error_name(errno));
    fprintf(stderr, "write again: %s\n", write(1, block, 1) < 0 ? error_name(errno) : "ok");
    return 3;
  }
  fprintf(stderr, "nobody left\n");
  return 1;
}

int main(int argc, char **argv) {
  if (argc < 2) return 2;
  if (strcmp(argv[1], "echo") == 0) return echo();
  if (strcmp(argv[1], "count") == 0) return count();
  if (strcmp(argv[1], "fill") == 0 && argc == 3) return fill(atoll(argv[2]));
  if (strcmp(argv[1], "pipe") == 0) return until_broken();
  if (strcmp(argv[1], "both") == 0) {
    for (int i = 0; i < 3; i++) printf("out %d\n", i), fflush(stdout), fprintf(stderr, "err %d\n", i);
    return 0;
  }
  if (strcmp(argv[1], "line") == 0) {
    while (fgets(block, sizeof block, stdin)) printf("got %s", block), fflush(stdout);
    return 0;
  }
  return 2;
}
