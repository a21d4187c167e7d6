// Forbidden acts on files, one for each word, `verb=path` or `verb=path:path`, and a line for what came of it; `race=N:path`
// opens and reads a path N times as fast as it can, and tells how often it came to what.
#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>
#include "report.h"

extern char **environ;

static int close_it(int fd) { return fd < 0 ? fd : close(fd); }

static int list(const char *path) {
  DIR *directory = opendir(path);
  if (directory == NULL) return -1;
  int count = 0;
  while (readdir(directory) != NULL) count++;
  closedir(directory);
  return count > 0 ? 0 : -1;
}

// The text of a file, at most so many bytes; or the name of errno.
static const char *content(const char *path, char *text, size_t size) {
  int fd = open(path, O_RDONLY);
  ssize_t count = fd < 0 ? -1 : read(fd, text, size - 1);
  const char *result = text;
  if (count < 0) result = error_name(errno);
  else text[count] = 0;
  close_it(fd);
  return result;
}

static void race(const char *argument) {
  static struct { char text[64]; long count; } outcomes[16];
  char text[64];
  const char *path = strchr(argument, ':') + 1;
  for (long i = 0, tries = atol(argument); i < tries; i++) {
    const char *found = content(path, text, sizeof text);
    size_t at = 0;
    while (at < 15 && outcomes[at].count > 0 && strcmp(outcomes[at].text, found) != 0) at++;
    if (outcomes[at].count++ == 0) strcpy(outcomes[at].text, found);
  }
  printf("race:");
  for (size_t at = 0; at < 16 && outcomes[at].count > 0; at++) printf(" %ld %s,", outcomes[at].count, outcomes[at].text);
  printf("\n");
}

// Prints names and texts of all that is below a directory; links are followed as far as they lead somewhere.
static void all(const char *path, int depth) {
  static char text[65536];
  DIR *directory = opendir(path);
  if (directory == NULL || depth == 0) {
    printf("%s: %s\n", path, directory == NULL ? content(path, text, sizeof text) : "too deep");
    if (directory != NULL) closedir(directory);
    return;
  }
  for (struct dirent *entry; (entry = readdir(directory)) != NULL;) {
    char below[4096];
    snprintf(below, sizeof below, "%s/%s", path, entry->d_name);
    printf("%s\n", below);
    if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0) all(below, depth - 1);
  }
  closedir(directory);
}

static void told(int argc, char **argv) {
  for (int i = 0; i < argc; i++) printf("%d: %s\n", i, argv[i]);
  for (char **variable = environ; variable && *variable; variable++) printf("%s\n", *variable);
}

int main(int argc, char **argv) {
  for (int i = 1; i < argc; i++) {
    static char word[4096], text[64];
    struct stat found;
    strncpy(word, argv[i], sizeof word - 1);
    char *path = strchr(word, '='), *to = path == NULL ? NULL : strchr(path, ':');
    if (path != NULL) *path++ = 0;
    else path = word;
    if (to != NULL) *to++ = 0;
#define IS(verb) (strcmp(word, verb) == 0)
    if (IS("told")) told(argc, argv);
    else if (IS("all")) all(path, 8);
    else if (IS("race")) race(strchr(argv[i], '=') + 1);
    else if (IS("wait")) printf("waiting\n"), fflush(stdout), read(0, text, 1);
    else if (IS("read")) {
      int fd = open(path, O_RDONLY);
      step(argv[i], fd < 0 ? -1 : read(fd, text, sizeof text));
      close_it(fd);
    }
    else if (IS("write")) step(argv[i], close_it(open(path, O_WRONLY | O_APPEND)));
    else if (IS("update")) step(argv[i], close_it(open(path, O_RDWR)));
    else if (IS("truncate")) step(argv[i], close_it(open(path, O_WRONLY | O_TRUNC)));
    else if (IS("create")) step(argv[i], close_it(open(path, O_WRONLY | O_CREAT | O_EXCL, 0666)));
    else if (IS("plant")) step(argv[i], close_it(open(path, O_WRONLY | O_CREAT | O_EXCL, 0666)) < 0 ? -1 : unlink(path));
    else if (IS("list")) step(argv[i], list(path));
    else if (IS("mkdir")) step(argv[i], mkdir(path, 0777));
    else if (IS("rmdir")) step(argv[i], rmdir(path));
    else if (IS("unlink")) step(argv[i], unlink(path));
    else if (IS("symlink")) step(argv[i], symlink(path, to));
    else if (IS("link")) step(argv[i], link(path, to));
    else if (IS("rename")) step(argv[i], rename(path, to));
    else if (IS("times")) step(argv[i], utimensat(AT_FDCWD, path, (const struct timespec[]){{1, 0}, {1, 0}}, 0));
    else if (IS("stat")) step(argv[i], stat(path, &found));
    else if (IS("readlink")) step(argv[i], readlink(path, text, sizeof text));
    else if (IS("sleep")) step(argv[i], nanosleep(&(struct timespec){0, 1000000 * atoi(path)}, NULL));
    else if (IS("random")) step(argv[i], getentropy(text, sizeof text));
    else return 2;
  }
  return 0;
}
