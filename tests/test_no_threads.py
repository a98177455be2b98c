"""The library where no thread and no process can be started: one worker, batches made in line, the same results."""

import errno
import os
import subprocess
import sys
import threading
import warnings
from contextlib import closing, contextmanager
from pathlib import Path

import numpy as np
import pytest
from no_threads import forbid, refusing
from PIL import Image
from slow import all_but
from small_runs import assert_same_run, settings

from minialex import Host, Sequential, check_gradients
from minialex.data import ahead, load, prepare, read_folder, read_prepared
from minialex.devices.workers import can_be_many
from minialex.layers import Dense
from minialex.parallel import Broadcast, Groups
from minialex.printing import progress_bar
from minialex.threads import can_start_threads
from minialex.training.run import train_run
from minialex.tutor.child import check_in_child

TESTS = Path(__file__).parent
LAYER = """
from minialex import Layer
class Double(Layer):
    def forward(self, x): return 2 * x
    def backward(self, dy): return {factor} * dy
def example(rng): return Double(), rng.standard_normal((2, 3))
"""


@contextmanager
def forbidden():
    """Refuse threads and processes; the library tries anew whether it has them, before and after."""
    try:
        with pytest.MonkeyPatch.context() as patch:
            forbid(patch)
            forget()
            yield
    finally:
        forget()


def forget():
    can_start_threads.cache_clear()
    can_be_many.cache_clear()


@pytest.fixture
def no_threads():
    with forbidden():
        yield


@pytest.fixture
def photographs(tmp_path):
    """Two classes of photographs, whose files are large enough to be read on several threads."""
    rng = np.random.default_rng(0)
    for split in ("train", "val"):
        for label in ("cat", "dog"):
            folder = tmp_path / "photographs" / split / label
            folder.mkdir(parents=True)
            for i in range(10):
                Image.fromarray(rng.integers(0, 256, (90, 80, 3), dtype=np.uint8)).save(folder / f"{i}.png")
    return tmp_path / "photographs"


COMMANDS = """
data prepare photographs --out prepared --size 16 --workers 4
train --data prepared --limit 20 --batch 10 --image-size 14 --epochs 1 --workers 4 --out r
train --resume --out r --epochs 2
evaluate r --views 10 --workers 3
predict r photographs/val/cat/0.png
gradcheck LRN
gradcheck layer.py
gradcheck layer.py --like ReLU
"""
ALONE = f"""
import sys, threading
import pytest
from no_threads import forbid

forbid(pytest.MonkeyPatch())
from minialex.cli import main

for command in '''{COMMANDS}'''.strip().splitlines():
    status = main(command.split())
    assert status == ("--like" in command), command
assert threading.active_count() == 1
"""


def test_every_command_of_a_lesson_runs_in_a_fresh_python_that_has_neither(photographs):
    (photographs.parent / "layer.py").write_text(LAYER.format(factor=2))  # right; and no ReLU
    paths = os.pathsep.join((str(TESTS), str(TESTS.parent)))
    environment = {**os.environ, "PYTHONPATH": paths, "MINIALEX_DATA": str(photographs.parent / "data")}
    command = [sys.executable, "-W", "error", "-c", ALONE]
    done = subprocess.run(command, cwd=photographs.parent, env=environment, text=True, capture_output=True)
    assert (done.returncode, done.stderr) == (0, "")
    for said in ("epoch 2/2", "right  Double", "WRONG"):
        assert said in done.stdout


CELLS = """
import json, sys, threading
from unittest.mock import MagicMock
import IPython.display
import pytest
from no_threads import forbid

forbid(pytest.MonkeyPatch())
IPython.display.display = MagicMock()  # there is no front end that shows anything
names = {"__name__": "notebook"}
for cell in json.load(open(sys.argv[1], encoding="utf-8"))["cells"]:
    if cell["cell_type"] == "code":
        exec("".join(cell["source"]), names)
assert threading.active_count() == 1
"""


@pytest.mark.parametrize("number", all_but(["00"], ["00", "01", "02", "03"]))
def test_the_notebooks_that_the_site_offers_in_the_browser_run(number):
    pytest.importorskip("IPython", reason="the notebooks extra is not installed")
    (notebook,) = (TESTS.parent / "notebooks").glob(f"{number}_*.ipynb")
    paths = os.pathsep.join((str(TESTS), str(TESTS.parent)))
    environment = {**os.environ, "PYTHONPATH": paths, "MPLBACKEND": "agg"}
    done = subprocess.run([sys.executable, "-c", CELLS, str(notebook)], env=environment, text=True, capture_output=True)
    assert done.returncode == 0, done.stderr
    assert "still open" in done.stdout


@pytest.mark.slow
def test_a_run_and_its_resumption_are_those_of_one_worker_bit_for_bit(tmp_path):
    train_run(settings(workers=1), tmp_path / "run")
    with forbidden():
        train_run(settings(workers=1, epochs=2), tmp_path / "in line")
        train_run(settings(workers=1), tmp_path / "in line", resume=True)
    assert_same_run(tmp_path / "run", tmp_path / "in line")


def test_workers_are_one(no_threads):
    ranges = []
    Host(workers=4).share(lambda start, stop: ranges.append((start, stop)), 100)
    assert ranges == [(0, 100)]


def test_two_devices_take_turns(no_threads):
    devices, rng = (Host(workers=1), Host(workers=1)), np.random.default_rng(0)
    net = Sequential(images=Broadcast(devices), fc=Groups(devices, lambda: Dense(4, 3, rng=rng)))
    a, b = net.forward(np.ones((2, 4), np.float32))
    assert a.shape == b.shape == (2, 3)


def test_gradients_are_checked(no_threads):
    rng = np.random.default_rng(0)
    errors = check_gradients(Dense(4, 3, rng=rng), rng.standard_normal((2, 4)), rng=rng)
    assert max(errors.values()) < 1e-6


def test_items_are_made_when_they_are_asked_for(no_threads):
    made, closed = [], []

    def items():
        try:
            for n in range(5):
                made.append(n)
                yield n
            raise ValueError("the sixth cannot be read")
        finally:
            closed.append(True)

    with closing(ahead(items())) as ready:
        assert (next(ready), made) == (0, [0])
    assert closed == [True]
    with pytest.raises(ValueError, match="the sixth"):
        list(ahead(items()))


def test_photographs_are_read_and_prepared(no_threads, photographs, tmp_path):
    data = read_folder(photographs, 16)
    prepare(photographs, tmp_path / "prepared", size=16, workers=4)
    np.testing.assert_array_equal(read_prepared(tmp_path / "prepared").train.images[:], data.train.images)


def test_prepared_images_are_read_where_files_cannot_be_mapped(monkeypatch, photographs, tmp_path):
    prepare(photographs, tmp_path / "prepared", size=16)
    mapped = load(str(tmp_path / "prepared")).train.images[:]
    monkeypatch.setattr(np.lib.format, "open_memmap", refusing(OSError, errno.ENODEV, "No such device"))
    np.testing.assert_array_equal(load(str(tmp_path / "prepared")).train.images[:], mapped)


def test_a_students_file_is_checked_in_this_process(no_threads, tmp_path):
    for factor, kind in ((2, "right"), (3, "WRONG")):
        path = tmp_path / f"by_{factor}.py"
        path.write_text(LAYER.format(factor=factor))
        assert kind in [verdict.kind for verdict in check_in_child(path)]


def test_another_refusal_of_a_process_is_an_error(monkeypatch, tmp_path):
    (tmp_path / "layer.py").write_text(LAYER.format(factor=2))
    monkeypatch.setattr(subprocess, "Popen", refusing(OSError, errno.ENOMEM, "Cannot allocate memory"))
    with pytest.raises(OSError, match="allocate"):
        list(check_in_child(tmp_path / "layer.py"))


def test_bars_start_no_thread_and_warn_of_none(no_threads, capsys):
    before = threading.active_count()
    with warnings.catch_warnings(), progress_bar(total=3, file=sys.stderr) as bar:
        warnings.simplefilter("error")
        bar.update(3)
    assert "100%" in capsys.readouterr().err
    assert threading.active_count() == before
