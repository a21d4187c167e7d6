// Takes memory in pieces of the given size until there is no more, fills it, gives all of it back, tells how much it
// was, and does so again: the second time it must be as much.
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct piece {
  struct piece *next;
};

static size_t take(size_t size) {
  struct piece *all = NULL, *piece;
  size_t total = 0;
  while ((piece = malloc(size)) != NULL) {
    memset(piece, 0xa5, size);
    piece->next = all;
    all = piece;
    total += size;
  }
  int reason = errno;
  while (all) {
    piece = all->next;
    free(all);
    all = piece;
  }
  printf("%zu bytes, then %s\n", total, reason == ENOMEM ? "ENOMEM" : strerror(reason));
  return total;
}

// This libc takes all the memory that there is when it is first asked, so it has to come before the adapter of preview 1,
// which asks for a page at the first call of WASI.
__attribute__((constructor)) static void first(void) {
  void *volatile piece = malloc(1);
  free(piece);
}

int main(int argc, char **argv) {
  size_t size = argc > 1 ? strtoul(argv[1], NULL, 10) : 0;
  if (size < sizeof(struct piece)) return 2;
  size_t first = take(size), second = take(size);
  return first != second;
}
