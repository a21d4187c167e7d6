// Directories: `list` prints entries and their kinds, `count` only how many, `change` makes, moves and removes.
#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "report.h"

static int list(const char *path) {
  DIR *directory = opendir(path);
  if (directory == NULL) return (int)step("list", -1);
  for (struct dirent *entry; (entry = readdir(directory)) != NULL;) {
    const char *kind = entry->d_type == DT_DIR ? "directory" : entry->d_type == DT_REG ? "file"
      : entry->d_type == DT_LNK ? "link" : entry->d_type == DT_FIFO ? "fifo" : "something else";
    printf("%s: %s\n", entry->d_name, kind);
  }
  return closedir(directory);
}

static int count(const char *path) {
  DIR *directory = opendir(path);
  if (directory == NULL) return (int)step("count", -1);
  for (int round = 0; round < 2; round++) {
    long long entries = 0;
    while (readdir(directory) != NULL) entries++;
    value(round == 0 ? "entries" : "entries again", entries);
    rewinddir(directory);
  }
  return closedir(directory);
}

// Removes every entry of a directory while it is read.
static int empty(const char *path) {
  DIR *directory = opendir(path);
  if (directory == NULL || chdir(path) < 0) return 1;
  long long removed = 0;
  for (struct dirent *entry; (entry = readdir(directory)) != NULL;) {
    if (entry->d_type == DT_REG && unlink(entry->d_name) == 0) removed++;
  }
  value("removed", removed);
  return closedir(directory);
}

static void make(const char *path) {
  close(open(path, O_WRONLY | O_CREAT, 0666));
}

static int change(void) {
  make("file");
  make("second");
  step("mkdir", mkdir("one", 0777));
  step("mkdir again", mkdir("one", 0777));
  step("mkdir over a file", mkdir("file", 0777));
  step("mkdir below nothing", mkdir("none/one", 0777));
  step("mkdir below a file", mkdir("file/one", 0777));
  step("mkdir with a slash", mkdir("two/", 0777));
  step("mkdir of here", mkdir(".", 0777));
  make("one/inner");

  step("rmdir of one that is not empty", rmdir("one"));
  step("rmdir of a file", rmdir("file"));
  step("rmdir of nothing", rmdir("none"));
  step("rmdir of here", rmdir("."));
  step("rmdir of one ending in dots", rmdir("two/.."));
  step("unlink of a directory", unlink("two"));
  step("unlink of nothing", unlink("none"));
  step("unlink below a file", unlink("file/x"));
  step("unlink with a slash", unlink("file/"));
  step("rmdir with a slash", rmdir("two/"));

  step("rename a file", rename("file", "moved"));
  step("the old name", access("file", F_OK));
  step("the new name", access("moved", F_OK));
  step("rename over a file", rename("moved", "second"));
  step("rename nothing", rename("none", "other"));
  step("rename to below nothing", rename("second", "none/other"));
  step("rename a file over a directory", rename("second", "one"));
  step("rename a directory over a file", rename("one", "second"));
  mkdir("full", 0777);
  make("full/inner");
  step("rename a directory over one that is full", rename("one", "full"));
  mkdir("empty", 0777);
  step("rename a directory over one that is empty", rename("one", "empty"));
  step("what was in it", access("empty/inner", F_OK));
  step("rename a directory into itself", rename("empty", "empty/deeper"));
  step("rename to itself", rename("second", "second"));
  step("rename a file with a slash", rename("second/", "third"));
  step("rename a file to a slash", rename("second", "third/"));
  step("rename to another directory", rename("second", "empty/second"));
  return 0;
}

int main(int argc, char **argv) {
  if (argc != 3) return 2;
  if (strcmp(argv[1], "list") == 0) return list(argv[2]);
  if (strcmp(argv[1], "count") == 0) return count(argv[2]);
  if (strcmp(argv[1], "empty") == 0) return empty(argv[2]);
  if (strcmp(argv[1], "change") == 0 && chdir(argv[2]) == 0) return change();
  return 2;
}
