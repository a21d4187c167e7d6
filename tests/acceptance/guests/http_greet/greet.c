#include "http_greet.h"

#include <stdlib.h>
#include <string.h>

void exports_http_greet_greet(http_greet_string_t *name, http_greet_string_t *greeting) {
  static const char before[] = "Hello, ";
  const size_t length = sizeof before - 1;
  // In place of the name, which is this function's to free.
  uint8_t *text = realloc(name->ptr, length + name->len + 1);
  if (text == NULL) abort();
  memmove(text + length, text, name->len);
  memcpy(text, before, length);
  text[length + name->len] = '!';
  greeting->ptr = text;
  greeting->len = length + name->len + 1;
}
