// Prints its arguments, its environment and the time: the smallest program that shows what a guest can see.
#include <stdio.h>
#include <time.h>

extern char **environ;

int main(int argc, char **argv) {
  printf("arguments: %d\n", argc);
  for (int i = 0; i < argc; i++) printf("  %s\n", argv[i]);

  int variables = 0;
  while (environ && environ[variables]) variables++;
  printf("environment: %d\n", variables);
  for (int i = 0; i < variables; i++) printf("  %s\n", environ[i]);

  time_t now = time(NULL);
  char text[sizeof "2026-01-31T12:34:56Z"];
  strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", gmtime(&now));
  printf("time: %s\n", text);
  return 0;
}
