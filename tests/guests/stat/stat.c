// What stat() tells, and what utimensat() sets: `show` prints it of the paths given, `times` works in a directory.
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>
#include "report.h"

static const char *kind(mode_t mode) {
  return S_ISREG(mode) ? "file" : S_ISDIR(mode) ? "directory" : S_ISLNK(mode) ? "link" : S_ISCHR(mode) ? "character device"
    : S_ISFIFO(mode) ? "fifo" : S_ISSOCK(mode) ? "socket" : S_ISBLK(mode) ? "block device" : "unknown";
}

static void show(const char *path, int flags) {
  struct stat found;
  if (fstatat(AT_FDCWD, path, &found, flags) < 0) {
    step(path, -1);
    return;
  }
  printf("%s: %s, %lld bytes, %lld links, modified %lld.%09ld, accessed %lld.%09ld\n", path, kind(found.st_mode),
    (long long)found.st_size, (long long)found.st_nlink, (long long)found.st_mtim.tv_sec, found.st_mtim.tv_nsec,
    (long long)found.st_atim.tv_sec, found.st_atim.tv_nsec);
}

static int times(void) {
  struct timespec both[2] = {{1000000000, 123456789}, {1500000000, 987654321}};
  int fd = open("file", O_RDWR | O_CREAT, 0666);
  symlink("file", "link");
  step("set", utimensat(AT_FDCWD, "file", both, 0));
  show("file", 0);
  both[0].tv_sec = 7, both[0].tv_nsec = 0, both[1].tv_sec = 1600000000, both[1].tv_nsec = 1000000;
  step("set of an open file", futimens(fd, both));
  show("file", 0);
  both[0].tv_sec = both[1].tv_sec = 1200000000, both[0].tv_nsec = both[1].tv_nsec = 5000000;
  step("set of a directory", utimensat(AT_FDCWD, ".", both, 0));
  show(".", 0);
  step("set through a link", utimensat(AT_FDCWD, "link", both, 0));
  show("file", 0);
  both[0].tv_sec = both[1].tv_sec = 1300000000;
  step("set of a link", utimensat(AT_FDCWD, "link", both, AT_SYMLINK_NOFOLLOW));
  show("link", AT_SYMLINK_NOFOLLOW);
  show("file", 0);
  step("set of nothing", utimensat(AT_FDCWD, "none", both, 0));

  // UTIME_NOW and UTIME_OMIT get lost between this libc and the adapter.
  struct stat found;
  time_t now = time(NULL);
  write(fd, "x", 1);
  fstat(fd, &found);
  value("a write modifies", found.st_mtim.tv_sec >= now - 2);
  return 0;
}

static int streams(void) {
  struct stat found;
  for (int fd = 0; fd < 3; fd++) {
    if (fstat(fd, &found) < 0) step("stream", -1);
    else printf("stream %d: %s\n", fd, isatty(fd) ? "terminal" : "no terminal");
  }
  return 0;
}

int main(int argc, char **argv) {
  if (argc < 2) return 2;
  if (strcmp(argv[1], "streams") == 0) return streams();
  if (argc < 3) return 2;
  if (strcmp(argv[1], "times") == 0) return chdir(argv[2]) < 0 ? 2 : times();
  for (int i = 2; i < argc; i++) show(argv[i], AT_SYMLINK_NOFOLLOW);
  return 0;
}
