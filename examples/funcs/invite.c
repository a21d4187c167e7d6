// An invitation: a user name and a code, each made by another entry.
#include "invite.h"
#include <stdlib.h>
#include <string.h>

bool exports_invite_invite(invite_string_t *name, invite_string_t *invitation, invite_string_t *error) {
  invite_string_t target, length, slug, code;
  invite_string_set(&target, "demo:slug");
  if (!wippy_runtime_funcs_call_string(&target, name, &slug, error)) return false;
  invite_string_set(&target, "demo:code");
  invite_string_set(&length, "6");
  if (!wippy_runtime_funcs_call_string(&target, &length, &code, error)) return false;
  *invitation = (invite_string_t){ malloc(slug.len + 1 + code.len), slug.len + 1 + code.len };
  memcpy(invitation->ptr, slug.ptr, slug.len);
  invitation->ptr[slug.len] = '/';
  memcpy(invitation->ptr + slug.len + 1, code.ptr, code.len);
  return true;
}
