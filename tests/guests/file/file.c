// Reading, writing and seeking: `all` works on small files of the directory, `large` beyond 4 GiB, `copy` a whole file.
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>
#include "report.h"

static long long size_of(int fd) {
  struct stat found;
  return fstat(fd, &found) < 0 ? -1 : (long long)found.st_size;
}

static void show(const char *what, const char *bytes, ssize_t count) {
  if (count < 0) {
    step(what, count);
    return;
  }
  printf("%s: ", what);
  for (ssize_t i = 0; i < count; i++) printf(bytes[i] ? "%c" : ".", bytes[i]);
  printf("\n");
}

static int all(void) {
  char text[64];
  int fd = open("file", O_RDWR | O_CREAT | O_TRUNC, 0666);
  value("write", write(fd, "0123456789", 10));
  value("where", lseek(fd, 0, SEEK_CUR));
  value("read at the end", read(fd, text, 4));
  value("back", lseek(fd, -4, SEEK_CUR));
  show("read", text, read(fd, text, 2));
  show("pread", text, pread(fd, text, 3, 1));
  value("where", lseek(fd, 0, SEEK_CUR));
  value("pwrite", pwrite(fd, "AB", 2, 4));
  value("where", lseek(fd, 0, SEEK_CUR));
  value("pread at the end", pread(fd, text, 4, 10));
  value("pread beyond", pread(fd, text, 4, 1000));
  step("pread before", pread(fd, text, 4, -1));
  step("seek before the start", lseek(fd, -1, SEEK_SET));
  step("seek by nothing known", lseek(fd, 0, 77));
  value("seek from the end", lseek(fd, -3, SEEK_END));
  show("read", text, read(fd, text, sizeof text));
  value("read none", read(fd, text, 0));
  value("write none", write(fd, text, 0));

  value("hole: seek", lseek(fd, 14, SEEK_SET));
  value("hole: write", write(fd, "end", 3));
  show("hole", text, pread(fd, text, sizeof text, 0));
  struct iovec parts[3] = {{text, 2}, {text + 2, 0}, {text + 2, 3}};
  value("readv", preadv(fd, parts, 3, 0));
  struct iovec words[2] = {{"one", 3}, {"two", 3}};
  lseek(fd, 0, SEEK_SET);
  // One call may take less than all parts, as in POSIX; the adapter takes the first that is not empty.
  value("writev", writev(fd, words, 2));

  step("shorten", ftruncate(fd, 5));
  value("size", size_of(fd));
  step("lengthen", ftruncate(fd, 8));
  show("lengthened", text, pread(fd, text, sizeof text, 0));
  step("shorten below zero", ftruncate(fd, -1));
  step("allocate", (errno = posix_fallocate(fd, 0, 12)) == 0 ? 0 : -1);
  value("size", size_of(fd));
  step("sync", fsync(fd));
  step("sync data", fdatasync(fd));
  step("advise", (errno = posix_fadvise(fd, 0, 0, POSIX_FADV_SEQUENTIAL)) == 0 ? 0 : -1);
  close(fd);

  // A file that is gone keeps its bytes for those that have it open.
  fd = open("gone", O_RDWR | O_CREAT, 0666);
  int other = open("gone", O_RDONLY);
  write(fd, "still", 5);
  step("unlink an open file", unlink("gone"));
  show("read what is gone", text, pread(fd, text, sizeof text, 0));
  show("read it by another", text, read(other, text, sizeof text));
  value("write to it", write(fd, "!", 1));
  step("it is gone", open("gone", O_RDONLY));
  close(fd);
  close(other);

  // Two descriptors of one file have a place each.
  fd = open("file", O_RDONLY);
  other = open("file", O_RDONLY);
  read(fd, text, 3);
  value("place of one", lseek(fd, 0, SEEK_CUR));
  value("place of the other", lseek(other, 0, SEEK_CUR));

  int directory = open(".", O_RDONLY);
  step("read a directory as a file", read(directory, text, 1));
  step("write a directory as a file", write(directory, text, 1));
  step("shorten a directory", ftruncate(directory, 0));
  step("sync a directory", fsync(directory));
  return 0;
}

static int large(void) {
  char text[16];
  int64_t far = 5LL << 30;
  int fd = open("large", O_RDWR | O_CREAT | O_TRUNC, 0666);
  value("pwrite at 5 GiB", pwrite(fd, "far", 3, far));
  value("size", size_of(fd));
  show("pread at 5 GiB", text, pread(fd, text, sizeof text, far));
  value("seek", lseek(fd, far + 1, SEEK_SET));
  show("read", text, read(fd, text, sizeof text));
  show("in the hole", text, pread(fd, text, 3, 1LL << 32));
  step("lengthen to 6 GiB", ftruncate(fd, 6LL << 30));
  value("size", size_of(fd));
  step("pwrite at 2^62", pwrite(fd, "x", 1, 1LL << 62));
  step("lengthen to 2^62", ftruncate(fd, 1LL << 62));
  value("pread at 2^62", pread(fd, text, 1, 1LL << 62));
  value("seek to 2^62", lseek(fd, 1LL << 62, SEEK_SET));
  value("read at 2^62", read(fd, text, 1));
  value("size", size_of(fd));
  step("empty", ftruncate(fd, 0));
  return 0;
}

static int copy(const char *from, const char *to) {
  static char block[100003];
  int in = open(from, O_RDONLY), out = open(to, O_WRONLY | O_CREAT | O_TRUNC, 0666);
  long long total = 0;
  for (ssize_t count; (count = read(in, block, sizeof block)) > 0;) {
    for (ssize_t done = 0, part; done < count; done += part) {
      if ((part = write(out, block + done, count - done)) <= 0) return (int)step("write", -1);
    }
    total += count;
  }
  value("copied", total);
  return 0;
}

int main(int argc, char **argv) {
  if (argc < 3 || chdir(argv[2]) < 0) return 2;
  if (strcmp(argv[1], "all") == 0) return all();
  if (strcmp(argv[1], "large") == 0) return large();
  if (strcmp(argv[1], "copy") == 0 && argc == 5) return copy(argv[3], argv[4]);
  return 2;
}
