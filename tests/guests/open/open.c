// What each flag of open() does, in the directory that it is given: a file `old` with six bytes, a link `link` to it.
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "report.h"

static void try(const char *what, const char *path, int flags) {
  int fd = step(what, open(path, flags, 0666));
  if (fd >= 0) close(fd);
}

static void size(const char *what, const char *path) {
  struct stat found;
  value(what, stat(path, &found) < 0 ? -1 : (long long)found.st_size);
}

static void content(const char *path) {
  char text[64] = {0};
  int fd = open(path, O_RDONLY);
  read(fd, text, sizeof text - 1);
  close(fd);
  printf("%s: \"%s\"\n", path, text);
}

int main(int argc, char **argv) {
  char byte, name[5000];
  if (argc != 2 || chdir(argv[1]) < 0) return 2;

  try("missing", "none", O_RDONLY);
  try("missing, to write", "none", O_WRONLY);
  // To libc, which keeps the current directory itself, an empty path is that one: the host has to be asked.
  int here = open(".", O_RDONLY | O_DIRECTORY);
  step("empty path", openat(here, "", O_RDONLY));
  memset(name, 'n', sizeof name);
  name[256] = 0;
  try("name of 256", name, O_RDONLY);
  name[256] = 'n', name[sizeof name - 1] = 0;
  try("path of 5000", name, O_RDONLY);

  try("create", "new", O_WRONLY | O_CREAT);
  try("create again", "new", O_WRONLY | O_CREAT);
  try("create exclusively", "new", O_WRONLY | O_CREAT | O_EXCL);
  try("create another exclusively", "other", O_WRONLY | O_CREAT | O_EXCL);
  try("create exclusively over a link", "link", O_WRONLY | O_CREAT | O_EXCL);
  try("create below nothing", "none/new", O_WRONLY | O_CREAT);
  try("create below a file", "old/new", O_WRONLY | O_CREAT);
  try("create with a slash", "slash/", O_WRONLY | O_CREAT);
  size("old before", "old");
  try("create old", "old", O_RDWR | O_CREAT);
  size("old after", "old");

  try("directory", ".", O_RDONLY | O_DIRECTORY);
  try("directory, not said so", ".", O_RDONLY);
  try("directory, to write", "below", O_WRONLY);
  try("directory, to create", "below", O_WRONLY | O_CREAT);
  try("directory, to truncate", "below", O_WRONLY | O_TRUNC);
  try("file as a directory", "old", O_RDONLY | O_DIRECTORY);
  try("file with a slash", "old/", O_RDONLY);
  try("file with a dot", "old/.", O_RDONLY);
  try("file with two dots", "old/..", O_RDONLY);
  try("through a link", "link", O_RDONLY);
  try("through no link", "link", O_RDONLY | O_NOFOLLOW);

  int fd = open("old", O_RDONLY);
  step("write to one that reads", write(fd, "x", 1));
  step("close", close(fd));
  step("close again", close(fd));
  step("read from one that is closed", read(fd, &byte, 1));
  fd = open("old", O_WRONLY);
  step("read from one that writes", read(fd, &byte, 1));
  close(fd);

  fd = open("old", O_RDWR | O_APPEND);
  value("append flag", (fcntl(fd, F_GETFL) & O_APPEND) != 0);
  lseek(fd, 0, SEEK_SET);
  value("append", write(fd, "end", 3));
  lseek(fd, 1, SEEK_SET);
  value("append again", write(fd, "!", 1));
  content("old");
  step("no more append", fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) & ~O_APPEND));
  lseek(fd, 0, SEEK_SET);
  value("write at the start", write(fd, "S", 1));
  content("old");
  close(fd);

  try("truncate", "old", O_WRONLY | O_TRUNC);
  size("old truncated", "old");
  try("truncate through a link", "link", O_WRONLY | O_TRUNC);
  try("truncate nothing", "none", O_WRONLY | O_TRUNC);
  return 0;
}
