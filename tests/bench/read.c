// Reads a file to its end in chunks, through fd_read, which the adapter turns into read-via-stream.
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

int main(int argc, char **argv) {
  if (argc != 3) return 2;
  size_t chunk = strtoul(argv[2], NULL, 10);
  char *buffer = malloc(chunk);
  int fd = open(argv[1], O_RDONLY);
  if (fd < 0 || buffer == NULL) return 1;
  unsigned long long total = 0;
  ssize_t n;
  while ((n = read(fd, buffer, chunk)) > 0) total += n;
  printf("%llu\n", total);
  return n < 0;
}
