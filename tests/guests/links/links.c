// Hard and symbolic links, in the directory that it is given.
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "report.h"

static void target(const char *path) {
  char text[4096];
  ssize_t length = readlink(path, text, sizeof text);
  if (length < 0) step(path, length);
  else printf("%s -> %.*s\n", path, (int)length, text);
}

static void links(const char *what, const char *path) {
  struct stat found;
  value(what, lstat(path, &found) < 0 ? -1 : (long long)found.st_nlink);
}

int main(int argc, char **argv) {
  if (argc != 2 || chdir(argv[1]) < 0) return 2;
  int fd = open("file", O_RDWR | O_CREAT, 0666);
  write(fd, "bytes", 5);
  mkdir("directory", 0777);

  step("link", link("file", "hard"));
  links("links of file", "file");
  step("link again", link("file", "hard"));
  step("link nothing", link("none", "other"));
  step("link a directory", link("directory", "other"));
  step("link to below nothing", link("file", "none/other"));
  step("unlink", unlink("file"));
  links("links of hard", "hard");
  struct stat one, other;
  fstat(fd, &one), stat("hard", &other);
  value("the same file", one.st_ino == other.st_ino && one.st_dev == other.st_dev);

  step("symlink", symlink("hard", "soft"));
  target("soft");
  step("symlink again", symlink("hard", "soft"));
  step("symlink to nothing", symlink("none", "dangling"));
  target("dangling");
  step("symlink, an empty target", symlink("", "empty"));
  step("symlink, an absolute target", symlink("/etc/passwd", "absolute"));
  step("symlink below", symlink("../hard", "directory/up"));
  target("directory/up");
  step("symlink with a slash", symlink("hard", "slash/"));
  step("readlink of a file", readlink("hard", (char[8]){0}, 8));
  step("readlink of a directory", readlink("directory", (char[8]){0}, 8));
  step("readlink of nothing", readlink("none", (char[8]){0}, 8));
  char part[4] = "....";
  value("readlink with room for two", readlink("directory/up", part, 2));
  printf("what fits: %.4s\n", part);

  step("open through a link", fd = open("directory/up", O_RDONLY));
  step("open through one to nothing", open("dangling", O_RDONLY));
  step("create through one to nothing", open("dangling", O_WRONLY | O_CREAT, 0666));
  step("what it made", access("none", F_OK));
  step("stat follows", stat("soft", &one));
  value("a file", S_ISREG(one.st_mode));
  step("lstat does not", lstat("soft", &one));
  value("a link", S_ISLNK(one.st_mode));
  value("its size", (long long)one.st_size);
  step("link of a link", link("soft", "softer"));
  target("softer");
  int here = open(".", O_RDONLY | O_DIRECTORY);
  step("linkat that follows", linkat(here, "soft", here, "followed", AT_SYMLINK_FOLLOW));
  links("links of hard", "hard");
  step("rename a link", rename("soft", "renamed"));
  target("renamed");
  step("unlink a link", unlink("renamed"));
  step("what it meant", access("hard", F_OK));
  step("rmdir of a link", symlink("directory", "way") < 0 ? -1 : rmdir("way"));
  step("through a link to a directory", access("way/up", F_OK));
  step("unlink that link with a slash", unlink("way/"));
  step("unlink that link", unlink("way"));

  symlink("loop-b", "loop-a"), symlink("loop-a", "loop-b");
  step("a loop", open("loop-a", O_RDONLY));
  step("stat of a loop", stat("loop-a", &one));
  step("lstat of a loop", lstat("loop-a", &one));
  step("below a loop", open("loop-a/x", O_RDONLY));
  symlink("self/self", "self");
  step("one that means itself", open("self", O_RDONLY));
  // 40 are followed, one more is not.
  char from[16], to[16];
  strcpy(to, "hard");
  for (int i = 1; i <= 41; i++) {
    snprintf(from, sizeof from, "chain-%d", i);
    symlink(to, from);
    strcpy(to, from);
  }
  step("a chain of 40", open("chain-40", O_RDONLY));
  step("a chain of 41", open("chain-41", O_RDONLY));
  return 0;
}
