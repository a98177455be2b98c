"""The guard: what a submission may not do to files, processes and the network, refused with a reason.

An audit hook of Python cannot be taken out again, but it is no sandbox: it stops pranks and accidents, on every
platform, not an attack on the interpreter itself. landlock.py is what the kernel of Linux adds.
"""

import os
import sys

from minialex.grading.child.readable import Readable

WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
REFUSED = frozenset((
    "os.chmod", "os.chown", "os.exec", "os.fork", "os.forkpty", "os.kill", "os.killpg", "os.link", "os.mkdir",
    "os.posix_spawn", "os.remove", "os.removexattr", "os.rename", "os.rmdir", "os.setxattr", "os.spawn",
    "os.startfile", "os.symlink", "os.system", "os.truncate", "os.utime", "pty.spawn", "resource.prlimit",
    "resource.setrlimit", "signal.pthread_kill", "sqlite3.connect", "subprocess.Popen", "gc.get_objects",
    "gc.get_referrers", "gc.get_referents", "sys._current_frames", "code.__new__",
))  # fmt: skip
REFUSED_KINDS = ("ctypes.", "socket.", "winreg.", "_winapi.", "msvcrt.")
REFUSED_MODULES = frozenset(("readline", "_testcapi", "_testinternalcapi", "_xxsubinterpreters", "_interpreters"))


def guard(allowed: Readable) -> None:
    """Refuse from now on to read other files, to write any, to start or signal processes, and the network."""

    def hook(
        event, arguments, *, files=allowed.files, folders=allowed.folders, refused=REFUSED, kinds=REFUSED_KINDS,
        modules=REFUSED_MODULES, writes=WRITES, null=os.devnull, sep=os.sep, error=PermissionError,
        starts=str.startswith, type_of=type, text=str, raw=bytes, number=int,
    ):  # fmt: skip
        """Raise for what is refused. Every name is an argument's: the submission can change all others."""
        if event in refused or starts(event, kinds) or (event == "import" and arguments[0] in modules):
            raise error(f"a graded file may not do this: {event} {arguments[0] if event == 'import' else ''}".strip())
        if event not in ("open", "import"):
            return
        file, mode, flags = arguments[:3] if event == "open" else (arguments[1], "r", 0)
        if file is None or type_of(file) is number:
            return
        file, mode = (file.decode("utf-8", "surrogateescape") if type_of(file) is raw else file), mode or ""
        if type_of(file) is not text:
            raise error("a graded file may not open a file by a name that is no text")
        name = sep.join(file.split(sep)[-2:])  # layers/relu.py
        if file != null and (flags & writes or "w" in mode or "a" in mode or "x" in mode or "+" in mode):
            raise error(f"a graded file may not write files, here {name}")
        if file not in files and (".." in file or not starts(file, folders)):
            reads = "it may read itself, NumPy and Python's standard library"
            raise error(f"a graded file may not read {name}: {reads}")

    sys.addaudithook(hook)
