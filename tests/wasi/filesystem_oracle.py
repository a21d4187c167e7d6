"""The kernel's own answers: openat2(2) with RESOLVE_BENEATH.

Reads one question a line, [directory, path, follow]; answers one a line: [device, inode], or an errno, or null where
the kernel has no openat2. The first line printed says whether it has.
"""
import ctypes
import json
import os
import sys

OPENAT2 = 437  # the same number on every architecture
RESOLVE_BENEATH = 0x08

libc = ctypes.CDLL(None, use_errno=True)


class OpenHow(ctypes.Structure):
    _fields_ = [("flags", ctypes.c_uint64), ("mode", ctypes.c_uint64), ("resolve", ctypes.c_uint64)]


def ask(directory, path, follow):
    base = os.open(directory, os.O_PATH | os.O_DIRECTORY)
    how = OpenHow(os.O_PATH | os.O_CLOEXEC | (0 if follow else os.O_NOFOLLOW), 0, RESOLVE_BENEATH)
    fd = libc.syscall(OPENAT2, base, path.encode(), ctypes.byref(how), ctypes.sizeof(how))
    error = ctypes.get_errno()
    os.close(base)
    if fd < 0:
        return error
    info = os.fstat(fd)
    os.close(fd)
    return [info.st_dev, info.st_ino]


print(json.dumps(isinstance(ask("/", ".", False), list)), flush=True)
for line in sys.stdin:
    print(json.dumps(ask(*json.loads(line))), flush=True)
