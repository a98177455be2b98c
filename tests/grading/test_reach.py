"""What a submission tries to read, write, start or patch: refused with a reason, in one process for all attempts."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

import minialex
from minialex.grading import Limits
from minialex.grading.process import Process
from minialex.tutor.verdict import Mistake

PACKAGE = Path(minialex.__file__).parent
OURS = str(PACKAGE / "layers" / "relu.py")
ABSENT, READ, DO = "is not available to a graded file", "a graded file may not read", "a graded file may not do this:"

# fmt: off
ATTEMPTS = [  # code, and part of the reason
    # our layers
    ("from minialex.layers import ReLU", f"minialex.layers {ABSENT}: write it yourself"),
    ("from minialex import alexnet", f"minialex.alexnet {ABSENT}"),
    ("import minialex; minialex.fast", f"minialex.fast {ABSENT}"),
    ("import importlib; importlib.import_module('minialex.layers.relu')", f"minialex.layers {ABSENT}"),
    ("import minialex.grading.checks.test_relu", f"minialex.grading.checks {ABSENT}"),
    ("exec(open(OURS).read())", f"{READ} layers/relu.py: it may read itself, NumPy and Python's standard library"),
    ("os.open(OURS, os.O_RDONLY)", READ), ("os.open(os.path.dirname(OURS), os.O_RDONLY)", READ),
    ("open(OURS.encode())", READ), ("pathlib.Path(OURS).read_text()", READ), ("io.open_code(OURS)", READ),
    ("open(np.__file__[:-11] + '../minialex/layers/relu.py')", READ), ("np.fromfile(OURS, dtype='u1')", READ),
    ("open(os.path.relpath(OURS))", READ), ("tokenize.open(OURS)", READ),
    ("marshal.loads(open(importlib.util.cache_from_source(OURS), 'rb').read()[16:])", f"{READ} __pycache__/relu"),
    ("spec = importlib.util.spec_from_file_location('other', OURS)\n"
     "spec.loader.exec_module(importlib.util.module_from_spec(spec))", READ),
    ("import readline; readline.read_history_file(OURS)", f"{DO} import readline"),
    # other packages, other files
    ("import torch", f"torch {ABSENT}: write it with NumPy"), ("from scipy import signal", f"scipy {ABSENT}"),
    ("import smith_relu", f"smith_relu {ABSENT}"), ("exec(open('smith_relu.py').read())", f"{READ} smith_relu.py"),
    ("open(HERE + '/smith_relu.py')", READ), ("open(f'/proc/{os.getppid()}/mem', 'rb')", READ),
    ("open('/proc/self/environ')", READ), ("open('/etc/passwd')", READ),
    ("open('/dev/fd/3', 'rb')", READ),
    # writing
    ("open('marks.json', 'w')", "a graded file may not write files, here marks.json"),
    ("open(HERE + '/relu.py', 'r+')", "a graded file may not write files"),
    ("os.open('marks.json', os.O_CREAT | os.O_RDWR)", "a graded file may not write files"),
    (f"open({str(PACKAGE / 'grading' / 'marks.py')!r}, 'a')", "may not write files, here grading/marks.py"),
    ("np.save('answers.npy', np.zeros(3))", "may not write files, here answers.npy"),
    ("os.replace('relu.py', OURS)", f"{DO} os.rename"), ("os.remove(HERE + '/smith_relu.py')", f"{DO} os.remove"),
    ("os.symlink(OURS, 'link.py')", f"{DO} os.symlink"), ("os.link(OURS, 'link.py')", f"{DO} os.link"),
    # processes, the network, the interpreter
    ("os.kill(os.getppid(), 9)", f"{DO} os.kill"), ("subprocess.run(['true'])", f"{DO} subprocess.Popen"),
    ("os.system('true')", f"{DO} os.system"), ("os.fork()", f"{DO} os.fork"),
    ("socket.socket().connect(('localhost', 80))", f"{DO} socket."), ("ctypes.CDLL(None)", f"{DO} ctypes.dlopen"),
    ("gc.get_objects()", f"{DO} gc.get_objects"), ("sys._current_frames()", f"{DO} sys._current_frames"),
    ("(lambda: 0).__code__.replace(co_consts=(1,))", f"{DO} code.__new__"),
    ("import resource; resource.setrlimit(resource.RLIMIT_AS, (-1, -1))", f"{DO} resource.setrlimit"),
    # changes to what refuses
    ("del sys.meta_path[0]; import minialex.layers.relu", f"{READ} layers/__init__.py"),
    ("sys.meta_path[0].allowed = ('minialex.',)\nimport minialex.layers.relu", READ),
    ("from minialex.grading.child import guard\nguard.REFUSED = guard.REFUSED_KINDS = ()\nos.system('true')", DO),
    ("from minialex.grading.child import readable\nreadable.Readable.files = {OURS}\nopen(OURS)", READ),
    ("os.path.realpath = os.path.abspath = lambda path: os.devnull\ntry: open(OURS)\n"
     "finally: os.path.realpath, os.path.abspath = PATHS", READ),
    ("builtins.type = lambda one: int\ntry: open(OURS)\nfinally: builtins.type = Type", READ),
    ("class Name(str):\n    def split(self, *a): return ['os.py']\n    def startswith(self, *a): return True\n"
     "    __hash__ = lambda self: hash(os.devnull)\n    __eq__ = lambda *a: True\nopen(Name(OURS))",
     "a graded file may not open a file by a name that is no text"),
    ("try: open(OURS)\nexcept PermissionError as error:\n"
     "    frame = error.__traceback__.tb_next.tb_frame\n"
     "    frame.f_locals.update(files={OURS}, folders=('/',))\n"
     "    frame.f_globals.update(PermissionError=ValueError, REFUSED=())\n"
     "open(OURS)", READ),
]
# fmt: on
TOP = f"""
import builtins, ctypes, gc, importlib.util, io, marshal, os, pathlib, socket, subprocess, sys, tokenize
import numpy as np
from minialex import Layer
OURS, HERE, Type, PATHS = {OURS!r}, os.path.dirname(__file__), type, (os.path.realpath, os.path.abspath)
"""


@pytest.fixture(scope="module")
def submission(tmp_path_factory):
    """A submission with all attempts, in its process; beside it the file of another student."""
    folder = tmp_path_factory.mktemp("submissions")
    (folder / "smith_relu.py").write_text("found = True\n")
    indented = [code.replace("\n", "\n    ") for code, _ in ATTEMPTS]
    functions = [f"def attempt_{number}():\n    {code}\n" for number, code in enumerate(indented)]
    (folder / "relu.py").write_text("\n".join([TOP, *functions, "def honest(): return np.max([1.0, 2.0])\n"]))
    process = Process(folder / "relu.py", Limits())
    yield process
    process.end()


@pytest.mark.parametrize("number", range(len(ATTEMPTS)), ids=[code.splitlines()[-1] for code, _ in ATTEMPTS])
def test_it_is_refused_with_a_reason(submission, number):
    with pytest.raises(Mistake) as refused:
        submission.ask("call", {}, function=f"attempt_{number}", numbers={})
    assert ATTEMPTS[number][1] in str(refused.value)
    assert sorted(os.listdir(submission.path.parent)) == ["relu.py", "smith_relu.py"]


def test_after_all_attempts_it_still_answers(submission):
    submission.begin()
    assert submission.ask("call", {}, function="honest", numbers={})[1]["value"] == 2


def test_a_link_is_no_submission(tmp_path):
    (tmp_path / "relu.py").symlink_to(OURS)
    process = Process(tmp_path / "relu.py", Limits())
    with pytest.raises(Mistake, match=r"may not read .*/relu\.py"):
        process.ask("make", layer=1, kind="ReLU", arguments=[], settings={}, draws=False)
    process.end()


LANDLOCKED = """
import os, runpy, sys
from pathlib import Path
from types import SimpleNamespace
start = runpy.run_path(sys.argv[1])
library = start["library_for"]([])
import minialex.sequential
from minialex.grading.child.landlock import landlock
from minialex.grading.child.readable import readable
if not landlock(readable(library, Path(sys.argv[0]).absolute())):
    sys.exit(77)
def refused(work):
    try: work()
    except PermissionError as error: return error.errno == 13
assert refused(lambda: open(sys.argv[2]))
assert refused(lambda: open("/etc/passwd"))
assert refused(lambda: open("answers", "w"))
assert refused(lambda: os.listdir("/tmp"))
assert refused(lambda: os.execv("/bin/true", ["true"]))
import colorsys, numpy.polynomial, minialex.gradcheck
open(os.devnull, "w").write("x")
open(sys.argv[0]).read()
print("held")
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="Landlock is a part of Linux")
def test_the_kernel_refuses_without_the_guard(tmp_path):
    """What an audit hook cannot hold, such as native code, the kernel does: files that are not allowed."""
    (tmp_path / "landlocked.py").write_text(LANDLOCKED)
    start = PACKAGE / "grading" / "child" / "start.py"
    command = [sys.executable, "-P", str(tmp_path / "landlocked.py"), str(start), OURS]
    environment = {**os.environ, "PYTHONPATH": str(PACKAGE.parent)}
    ended = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True)
    if ended.returncode == 77:
        pytest.skip("this kernel has no Landlock")
    assert ended.stdout == "held\n", ended.stderr
