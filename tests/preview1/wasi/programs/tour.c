// What programs in C do with preview 1: arguments, variables, streams, files, directories, time. Every line is checked.
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

static int by_name(const void *a, const void *b) {
  return strcmp(*(char *const *)a, *(char *const *)b);
}

static void list(const char *path) {
  DIR *dir = opendir(path);
  if (!dir) {
    printf("opendir %s: %s\n", path, strerror(errno));
    return;
  }
  char *names[64];
  int count = 0;
  for (struct dirent *entry; count < 64 && (entry = readdir(dir));) {
    struct stat stat;
    char full[512];
    snprintf(full, sizeof full, "%s/%s", path, entry->d_name);
    int known = strcmp(entry->d_name, "..") != 0 && lstat(full, &stat) == 0;
    char line[600];
    snprintf(line, sizeof line, "%s%s%s", entry->d_name, entry->d_type == DT_DIR ? "/" : entry->d_type == DT_LNK ? "@" : "",
             known && stat.st_ino != entry->d_ino ? " (another inode)" : "");
    names[count++] = strdup(line);
  }
  closedir(dir);
  qsort(names, count, sizeof *names, by_name);
  printf("list %s:", path);
  for (int i = 0; i < count; i++) printf(" %s", names[i]);
  printf("\n");
}

static void said(const char *what, int result) {
  printf("%s: %s\n", what, result < 0 ? strerror(errno) : "ok");
}

int main(int argc, char **argv) {
  for (int i = 0; i < argc; i++) printf("arg %d: %s\n", i, argv[i]);
  printf("env: %s\n", getenv("GREETING"));
  char line[100];
  while (fgets(line, sizeof line, stdin)) printf("stdin: %s", line);

  FILE *file = fopen("/data/notes", "w+");
  fprintf(file, "first %d\n", 1);
  fprintf(file, "second %s\n", "line");
  rewind(file);
  while (fgets(line, sizeof line, file)) printf("notes: %s", line);
  fclose(file);

  int fd = open("/data/notes", O_WRONLY | O_APPEND);
  struct iovec parts[] = {{"third ", 6}, {"", 0}, {"line\n", 5}};
  printf("writev: %zd\n", writev(fd, parts, 3));
  printf("flags: %s\n", fcntl(fd, F_GETFL) & O_APPEND ? "append" : "none");
  said("read what is open for writing", (int)read(fd, line, 1));
  close(fd);

  fd = open("/data/notes", O_RDONLY);
  printf("lseek: %lld\n", (long long)lseek(fd, -5, SEEK_END));
  printf("read: %zd\n", read(fd, line, sizeof line));
  printf("pread: %zd %.5s\n", pread(fd, line, 5, 8), line);
  struct stat stat;
  fstat(fd, &stat);
  printf("size: %lld, regular: %d\n", (long long)stat.st_size, S_ISREG(stat.st_mode));
  printf("terminal: %d\n", isatty(fd));
  close(fd);

  said("mkdir", mkdir("/data/sub", 0777));
  said("mkdir again", mkdir("/data/sub", 0777));
  said("rename", rename("/data/notes", "/data/sub/notes"));
  said("symlink", symlink("sub/notes", "/data/link"));
  said("link", link("/data/sub/notes", "/data/hard"));
  ssize_t length = readlink("/data/link", line, sizeof line);
  printf("readlink: %.*s\n", (int)length, line);
  list("/data");
  list("/data/sub");
  said("rmdir", rmdir("/data/sub"));
  said("unlink a directory", unlink("/data/sub"));
  said("out by ..", open("/data/../etc/passwd", O_RDONLY));
  said("out of everything", open("/etc/passwd", O_RDONLY));
  said("chdir", chdir("/data/sub"));
  said("relative", access("notes", R_OK));

  struct timespec pause = {0, 2000000}, before, after;
  clock_gettime(CLOCK_MONOTONIC, &before);
  nanosleep(&pause, NULL);
  clock_gettime(CLOCK_MONOTONIC, &after);
  long long slept = (after.tv_sec - before.tv_sec) * 1000000000ll + after.tv_nsec - before.tv_nsec;
  printf("slept: %s\n", slept >= 2000000 ? "long enough" : "too short");
  struct pollfd polled = {.fd = 1, .events = POLLOUT};
  printf("poll: %d %d\n", poll(&polled, 1, 1000), polled.revents == POLLOUT);
  printf("random: %s\n", getentropy(line, 32) == 0 ? "ok" : strerror(errno));
  fprintf(stderr, "done\n");
  return 42;
}
