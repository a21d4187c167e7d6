// Prints its arguments, its whole environment and its standard input, and exits with $CODE.
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

// Asked for by name, because libc's exit() keeps only zero or not zero: the adapter of preview 1 makes every
// other code an `err` of `wasi:cli/exit#exit`.
__attribute__((import_module("wasi:cli/exit@0.2.3"), import_name("exit-with-code")))
void exit_with_code(int32_t code);

extern char **environ;

int main(int argc, char **argv) {
  for (int i = 0; i < argc; i++) printf("argument %d: %s\n", i, argv[i]);
  for (char **variable = environ; variable && *variable; variable++) printf("variable: %s\n", *variable);

  char line[4096];
  while (fgets(line, sizeof line, stdin)) printf("input: %s", line);
  if (ferror(stdin)) {
    perror("stdin");
    return 1;
  }

  const char *code = getenv("CODE");
  if (code == NULL) return 0;
  fflush(NULL);
  exit_with_code((uint8_t)atoi(code));
}
