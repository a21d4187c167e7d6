// A name as it may stand in an address.
#include "slug.h"
#include <ctype.h>

bool exports_slug_slug(slug_string_t *name, slug_string_t *slug, slug_string_t *error) {
  size_t length = 0;
  for (size_t i = 0; i < name->len; i++) {
    if (isalnum(name->ptr[i])) name->ptr[length++] = tolower(name->ptr[i]);
    else if (length > 0 && name->ptr[length - 1] != '-') name->ptr[length++] = '-';
  }
  if (length > 0 && name->ptr[length - 1] == '-') length--;
  *slug = (slug_string_t){ name->ptr, length };
  if (length == 0) slug_string_dup(error, "a name needs a letter or a digit");
  return length > 0;
}
