// How the C programs here tell what happened: a line per step, with its result or the name of errno.
#pragma once
#include <errno.h>
#include <stdio.h>

static inline const char *error_name(int error) {
  switch (error) {
#define NAME(name) case name: return #name
    NAME(E2BIG); NAME(EACCES); NAME(EAGAIN); NAME(EBADF); NAME(EBUSY); NAME(EEXIST); NAME(EFAULT); NAME(EFBIG);
    NAME(EILSEQ); NAME(EINVAL); NAME(EIO); NAME(EISDIR); NAME(ELOOP); NAME(EMFILE); NAME(EMLINK); NAME(ENAMETOOLONG);
    NAME(ENFILE); NAME(ENODEV); NAME(ENOENT); NAME(ENOMEM); NAME(ENOSPC); NAME(ENOSYS); NAME(ENOTCAPABLE);
    NAME(ENOTDIR); NAME(ENOTEMPTY); NAME(ENOTSUP); NAME(ENOTTY); NAME(ENXIO); NAME(EOVERFLOW); NAME(EPERM);
    NAME(EPIPE); NAME(EROFS); NAME(ESPIPE); NAME(ETXTBSY); NAME(EXDEV);
#undef NAME
    default: return "an unknown error";
  }
}

// "ok", or the name of errno. Hands the result on.
static inline long long step(const char *what, long long result) {
  printf("%s: %s\n", what, result < 0 ? error_name(errno) : "ok");
  return result;
}

// The result itself, or the name of errno.
static inline long long value(const char *what, long long result) {
  if (result < 0) return step(what, result);
  printf("%s: %lld\n", what, result);
  return result;
}
