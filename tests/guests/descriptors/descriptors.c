// What goes wrong with descriptors: `open` takes as many as there are, `gone` works where the directory is taken away.
#include <dirent.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "descriptors.h"
#include "report.h"

// Past libc and the adapter, which has a cap of its own that is lower.
static int open_all(void) {
  wasi_filesystem_preopens_list_tuple2_own_descriptor_string_t mounts;
  wasi_filesystem_preopens_get_directories(&mounts);
  wasi_filesystem_types_borrow_descriptor_t directory = wasi_filesystem_types_borrow_descriptor(mounts.ptr[0].f0);
  wasi_filesystem_types_own_descriptor_t file, last = mounts.ptr[0].f0;
  wasi_filesystem_types_error_code_t error;
  descriptors_string_t path;
  descriptors_string_set(&path, "file");
  long long opened = 0;
  for (; opened < 100000; opened++, last = file) {
    if (!wasi_filesystem_types_method_descriptor_open_at(directory, 0, &path, 0,
          WASI_FILESYSTEM_TYPES_DESCRIPTOR_FLAGS_READ, &file, &error)) break;
  }
  printf("opened: %s\n", opened < 1000 ? "too few" : opened == 100000 ? "no end" : "many");
  value("refused as out of memory", error == WASI_FILESYSTEM_TYPES_ERROR_CODE_INSUFFICIENT_MEMORY);
  wasi_filesystem_types_descriptor_drop_own(last);
  value("one more after a drop", wasi_filesystem_types_method_descriptor_open_at(directory, 0, &path, 0,
    WASI_FILESYSTEM_TYPES_DESCRIPTOR_FLAGS_READ, &file, &error));
  value("and another", wasi_filesystem_types_method_descriptor_open_at(directory, 0, &path, 0,
    WASI_FILESYSTEM_TYPES_DESCRIPTOR_FLAGS_READ, &file, &error));
  return 0;
}

static int open_by_libc(void) {
  long long opened = 0;
  int fd, last = -1;
  while (opened < 100000 && (fd = open("/box/file", O_RDONLY)) >= 0) opened++, last = fd;
  step("the one too many", opened == 100000 ? 0 : -1);
  step("close", close(last));
  step("one more", open("/box/file", O_RDONLY));
  return 0;
}

// A line on standard input is the sign that the host has removed the directory, or a file in it.
static int gone(void) {
  char text[16];
  struct stat found;
  int file = open("/box/file", O_RDWR), below = open("/box/below", O_RDONLY | O_DIRECTORY);
  DIR *listing = opendir("/box");
  step("before", file < 0 || below < 0 || listing == NULL ? -1 : 0);
  fflush(stdout);
  while (getchar() != '\n');
  value("read the open file", pread(file, text, sizeof text, 0));
  value("write the open file", pwrite(file, "more", 4, 0));
  step("stat the open file", fstat(file, &found));
  step("stat the open directory", fstat(below, &found));
  step("open the file", open("/box/file", O_RDONLY));
  step("create a file", open("/box/new", O_WRONLY | O_CREAT, 0666));
  step("create below", openat(below, "new", O_WRONLY | O_CREAT, 0666));
  step("mkdir", mkdir("/box/new", 0777));
  step("stat", stat("/box/file", &found));
  step("unlink", unlink("/box/file"));
  step("rename", rename("/box/file", "/box/other"));
  errno = 0;
  step("opendir", opendir("/box") == NULL ? -1 : 0);
  printf("the other mount: %s\n", access("/other/file", F_OK) < 0 ? error_name(errno) : "ok");
  return 0;
}

int program(int argc, char **argv) {
  if (argc != 2) return 2;
  if (strcmp(argv[1], "open") == 0) return open_all();
  if (strcmp(argv[1], "libc") == 0) return open_by_libc();
  if (strcmp(argv[1], "gone") == 0) return gone();
  return 2;
}
