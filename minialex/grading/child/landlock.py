"""Landlock: the files that the submission's process may read, enforced by the kernel of Linux (5.13 or newer).

What holds here holds for native code too, and nothing in the process can undo it.
https://docs.kernel.org/userspace-api/landlock.html describes the three system calls; Python has no names for them.
"""

import ctypes
import os
import struct
import sys

from minialex.grading.child.readable import Readable

CREATE, ADD, RESTRICT = 444, 445, 446  # system calls, of the same number on all architectures of today
VERSION, PATH_BENEATH, NO_NEW_PRIVILEGES = 1, 1, 38
EXECUTE, WRITE_FILE, READ_FILE, READ_DIR = 1, 2, 4, 8
RIGHTS = {1: 13, 2: 14, 3: 15, 4: 15}  # rights on files that a version of Landlock knows: 16 from the fifth on


def landlock(allowed: Readable) -> bool:
    """Let this process read the allowed files and no others, write none, execute none, open no TCP connection.

    Returns False, and changes nothing, where the kernel has no Landlock.
    """
    if not sys.platform.startswith("linux"):
        return False
    call = ctypes.CDLL(None).syscall
    version = call(CREATE, None, ctypes.c_size_t(0), VERSION)
    if version < 1:
        return False
    rights = 2 ** RIGHTS.get(version, 16) - 1
    network, signals = (3 if version >= 4 else 0), (3 if version >= 6 else 0)
    handled = struct.pack("=QQQ", rights, network, signals)[: 8 if version < 4 else 16 if version < 6 else 24]
    ruleset = call(CREATE, handled, ctypes.c_size_t(len(handled)), 0)
    for file in allowed.files:
        permit(call, ruleset, file, READ_FILE | (WRITE_FILE if file == os.devnull else 0))
    for folder in allowed.folders:
        permit(call, ruleset, folder, READ_FILE | READ_DIR)
    for folder in {os.path.dirname(file) for file in allowed.files}:
        permit(call, ruleset, folder, READ_DIR)  # for imports, which list the folder of a module
    ctypes.CDLL(None).prctl(NO_NEW_PRIVILEGES, 1, 0, 0, 0)
    held = call(RESTRICT, ruleset, 0) == 0
    os.close(ruleset)
    return held


def permit(call, ruleset: int, name: str, rights: int) -> None:
    """Add a rule on a file, or on a folder and all below it, if there is one."""
    try:
        descriptor = os.open(name, os.O_PATH | os.O_CLOEXEC)
    except OSError:  # a compiled file that was never written
        return
    call(ADD, ruleset, PATH_BENEATH, struct.pack("=Qi", rights, descriptor), 0)
    os.close(descriptor)
