"""Runs a program under a terminal of its own, and tells in JSON what it printed, and whether it ended by itself in time.

terminal.py SECONDS PROGRAM [ARGUMENT]...   A question of Deno's is left unanswered: it would wait for ever.
"""

import json, os, pty, select, signal, sys, time

limit, program = float(sys.argv[1]), sys.argv[2:]
pid, terminal = pty.fork()
if pid == 0:
    os.execvp(program[0], program)
output, over, ended = b"", time.monotonic() + limit, False
while b"Allow?" not in output and time.monotonic() < over:
    if not select.select([terminal], [], [], 0.2)[0]:
        continue
    try:
        part = os.read(terminal, 65536)
    except OSError:  # Nobody has it open any more.
        part = b""
    if part == b"":
        ended = True
        break
    output += part
if not ended:
    os.kill(pid, signal.SIGKILL)
_, status = os.waitpid(pid, 0)
print(json.dumps({"output": output.decode("utf-8", "replace"), "ended": ended, "code": os.waitstatus_to_exitcode(status)}))
