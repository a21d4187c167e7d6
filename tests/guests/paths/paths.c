// Where paths lead: each argument is a command, `cd=path`, `cwd`, `cat=path`, `put=path` or `ls=path`, done in turn.
#include <dirent.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>
#include "report.h"

static void cat(const char *path) {
  char text[64];
  int fd = open(path, O_RDONLY);
  ssize_t count = fd < 0 ? -1 : read(fd, text, sizeof text);
  if (count < 0) step(path, count);
  else printf("%s: \"%.*s\"\n", path, (int)count, text);
  if (fd >= 0) close(fd);
}

static void put(const char *path) {
  int fd = open(path, O_WRONLY | O_CREAT, 0666);
  step(path, fd < 0 ? -1 : write(fd, "put", 3));
  if (fd >= 0) close(fd);
}

static void list(const char *path) {
  DIR *directory = opendir(path);
  if (directory == NULL) {
    step(path, -1);
    return;
  }
  printf("%s:", path);
  for (struct dirent *entry; (entry = readdir(directory)) != NULL;) printf(" %s", entry->d_name);
  printf("\n");
  closedir(directory);
}

int main(int argc, char **argv) {
  for (int i = 1; i < argc; i++) {
    char here[4096];
    const char *path = strchr(argv[i], '=') + 1;
    if (strcmp(argv[i], "cwd") == 0) printf("here: %s\n", getcwd(here, sizeof here));
    else if (strncmp(argv[i], "cd=", 3) == 0) step(argv[i], chdir(path));
    else if (strncmp(argv[i], "cat=", 4) == 0) cat(path);
    else if (strncmp(argv[i], "put=", 4) == 0) put(path);
    else if (strncmp(argv[i], "ls=", 3) == 0) list(path);
    else return 2;
  }
  return 0;
}
