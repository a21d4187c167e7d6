// Tries to get out of the directory it is given, by each path on standard input: prints only what succeeded.
#include <dirent.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "report.h"

static long long tried, failed;

static int try(const char *how, const char *path, int result) {
  tried++;
  if (result < 0) failed++;
  else printf("%s %s\n", how, path);
  return result;
}

int main(int argc, char **argv) {
  if (argc != 2) return 2;
  int directory = open(argv[1], O_RDONLY | O_DIRECTORY);
  if (directory < 0) return 2;

  static char path[70000];
  char text[64];
  struct stat found;
  while (fgets(path, sizeof path, stdin)) {
    path[strcspn(path, "\n")] = 0;
    int fd = try("read", path, openat(directory, path, O_RDONLY));
    if (fd >= 0) {
      ssize_t count = read(fd, text, sizeof text);
      if (count > 0) printf("GOT %.*s\n", (int)count, text);
      close(fd);
    }
    if ((fd = try("write", path, openat(directory, path, O_WRONLY))) >= 0) close(fd);
    if ((fd = try("create", path, openat(directory, path, O_WRONLY | O_CREAT | O_EXCL, 0666))) >= 0) close(fd);
    if ((fd = try("list", path, openat(directory, path, O_RDONLY | O_DIRECTORY))) >= 0) close(fd);
    try("stat", path, fstatat(directory, path, &found, 0));
    try("make", path, mkdirat(directory, path, 0777));
    try("link from", path, linkat(directory, path, directory, "stolen", AT_SYMLINK_FOLLOW));
    try("link to", path, linkat(directory, "mine", directory, path, 0));
    try("move from", path, renameat(directory, path, directory, "moved"));
    try("move to", path, renameat(directory, "spare", directory, path));
    try("point from", path, symlinkat("mine", directory, path));
    try("set times of", path, utimensat(directory, path, NULL, 0));
    try("unlink", path, unlinkat(directory, path, 0));
    try("remove", path, unlinkat(directory, path, AT_REMOVEDIR));
  }
  printf("%lld tried, %lld failed\n", tried, failed);
  return 0;
}
