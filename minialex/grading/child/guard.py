"""The guard: what a submission may not do to files, processes and the network.

An audit hook of Python cannot be taken out again, but it is no sandbox: it stops pranks and accidents, not an attack on
the interpreter itself. docs/assignments.md says what to use where that is to be feared.
"""

import os
import sys

from minialex.grading.child.library import Library

WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
REFUSED = frozenset((
    "os.chmod", "os.chown", "os.exec", "os.fork", "os.forkpty", "os.kill", "os.killpg", "os.link", "os.mkdir",
    "os.posix_spawn", "os.remove", "os.removexattr", "os.rename", "os.rmdir", "os.setxattr", "os.spawn",
    "os.startfile", "os.symlink", "os.system", "os.truncate", "os.utime", "pty.spawn", "resource.prlimit",
    "resource.setrlimit", "signal.pthread_kill", "sqlite3.connect", "subprocess.Popen", "gc.get_objects",
    "gc.get_referrers", "gc.get_referents",
))  # fmt: skip
REFUSED_KINDS = ("ctypes.", "socket.", "winreg.", "_winapi.", "msvcrt.")


def guard(library: Library) -> None:
    """Refuse from now on to write files, to start or signal processes, and to read the library's own layers."""

    def hook(event: str, arguments: tuple) -> None:
        if event == "open":
            check_open(library, *arguments)
        elif event in REFUSED or event.startswith(REFUSED_KINDS):
            raise PermissionError(f"a graded file may not do this: {event}")
        elif event == "object.__setattr__" and arguments[0] is hook:
            raise PermissionError("a graded file may not change its guard")

    sys.addaudithook(hook)


def check_open(library: Library, file, mode, flags) -> None:
    """Check that a file is opened for reading only, and is none of the library's layers."""
    if isinstance(file, int):
        return
    name = os.path.realpath(os.fsdecode(file))
    if name != os.devnull and (flags & WRITES or set(mode or "") & set("wax+")):
        raise PermissionError(f"a graded file may not write files, here {os.path.basename(name)}")
    module = library.module_of(name)
    if module is not None and not library.allows(module):
        raise PermissionError(f"a graded file may not read {module}")
