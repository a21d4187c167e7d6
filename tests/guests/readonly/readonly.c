// Every call that could change something, in a directory with `file`, `directory` and `link`; then what reading gives.
// The second argument, if any, is a directory that may be written: moves and links between the two are tried as well.
#include <dirent.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>
#include "report.h"

int main(int argc, char **argv) {
  if (argc < 2 || chdir(argv[1]) < 0) return 2;
  const struct timespec times[2] = {{1, 0}, {2, 0}};

  step("create", open("new", O_WRONLY | O_CREAT, 0666));
  step("create to read", open("new", O_RDONLY | O_CREAT, 0666));
  step("create what is there", open("file", O_RDONLY | O_CREAT, 0666));
  step("create exclusively", open("file", O_RDONLY | O_CREAT | O_EXCL, 0666));
  step("write", open("file", O_WRONLY));
  step("read and write", open("file", O_RDWR));
  step("append", open("file", O_WRONLY | O_APPEND));
  step("truncate", open("file", O_WRONLY | O_TRUNC));
  step("truncate to read", open("file", O_RDONLY | O_TRUNC));
  step("write through a link", open("link", O_WRONLY));
  step("create below", open("directory/new", O_WRONLY | O_CREAT, 0666));
  step("mkdir", mkdir("new", 0777));
  step("rmdir", rmdir("directory"));
  step("unlink", unlink("file"));
  step("unlink a link", unlink("link"));
  step("rename", rename("file", "renamed"));
  step("rename over", rename("file", "link"));
  step("rename to itself", rename("file", "file"));
  step("link", link("file", "hard"));
  step("symlink", symlink("file", "soft"));
  step("utimensat", utimensat(AT_FDCWD, "file", times, 0));
  step("utimensat of a link", utimensat(AT_FDCWD, "link", times, AT_SYMLINK_NOFOLLOW));
  step("utimensat of here", utimensat(AT_FDCWD, ".", times, 0));

  int fd = open("file", O_RDONLY);
  step("write what is open to read", write(fd, "x", 1));
  step("pwrite what is open to read", pwrite(fd, "x", 1, 0));
  step("ftruncate", ftruncate(fd, 0));
  step("allocate", (errno = posix_fallocate(fd, 0, 100)) == 0 ? 0 : -1);
  step("futimens", futimens(fd, times));
  close(fd);

  int directory = open("directory", O_RDONLY | O_DIRECTORY);
  step("create in what is open", openat(directory, "new", O_WRONLY | O_CREAT, 0666));
  step("mkdir in what is open", mkdirat(directory, "new", 0777));
  step("unlink in what is open", unlinkat(directory, "inner", 0));
  step("futimens of what is open", futimens(directory, times));
  int deeper = openat(directory, "deeper", O_RDONLY | O_DIRECTORY);
  step("open deeper", deeper);
  step("create deeper", openat(deeper, "new", O_WRONLY | O_CREAT, 0666));
  step("write deeper", openat(deeper, "inner", O_WRONLY));

  if (argc == 3) {
    char inside[512];
    snprintf(inside, sizeof inside, "%s/taken", argv[2]);
    step("move out", rename("file", inside));
    step("link out", link("file", inside));
    snprintf(inside, sizeof inside, "%s/mine", argv[2]);
    step("move in", rename(inside, "given"));
    step("link in", link(inside, "given"));
    step("move over", rename(inside, "file"));
  }

  char text[8];
  struct stat found;
  fd = open("file", O_RDONLY);
  value("read", read(fd, text, sizeof text));
  step("stat", stat("file", &found));
  value("readlink", readlink("link", text, sizeof text));
  step("opendir", opendir(".") == NULL ? -1 : 0);
  return 0;
}
