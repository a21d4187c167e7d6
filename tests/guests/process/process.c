// How a program begins and ends: `args`, `env`, and `return N`, `exit N`, `code N`, `abort`, `trap`, `buffered`.
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "process.h"
#include "report.h"

extern char **environ;

int program(int argc, char **argv) {
  if (argc < 2) return 2;
  const char *how = argv[1];
  int code = argc > 2 ? atoi(argv[2]) : 0;
  if (strcmp(how, "args") == 0) {
    for (int i = 0; i < argc; i++) printf("%d: %s\n", i, argv[i]);
    return 0;
  }
  if (strcmp(how, "env") == 0) {
    for (char **variable = environ; variable && *variable; variable++) printf("%s\n", *variable);
    const char *missing = getenv("MISSING");
    printf("MISSING: %s\n", missing ? missing : "not there");
    return 0;
  }
  if (strcmp(how, "cwd") == 0) {
    process_string_t cwd;
    if (wasi_cli_environment_initial_cwd(&cwd)) printf("%.*s\n", (int)cwd.len, (char *)cwd.ptr);
    return 0;
  }
  printf("before the end\n");
  if (strcmp(how, "return") == 0) return code;
  if (strcmp(how, "exit") == 0) exit(code);
  if (strcmp(how, "buffered") == 0) {
    _Exit(code); // what printf() still holds is lost: so says C
  }
  fflush(NULL);
  if (strcmp(how, "code") == 0) wasi_cli_exit_exit_with_code((uint8_t)code);
  if (strcmp(how, "abort") == 0) abort();
  if (strcmp(how, "trap") == 0) __builtin_trap();
  return 2;
}
