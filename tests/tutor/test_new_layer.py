"""`minialex new-layer`: what it writes passes as written."""

import subprocess
import sys

import pytest
from console import refused, run

from minialex.tutor.new_layer import file_name


@pytest.mark.parametrize(
    ("name", "file"),
    [("Swish", "swish.py"), ("MyLayer", "my_layer.py"), ("LeakyReLU", "leaky_re_lu.py"), ("Conv2D", "conv2_d.py"),
     ("HTTPLayer2", "http_layer2.py"), ("My_Layer", "my_layer.py")],
)  # fmt: skip
def test_the_file_has_the_name_in_snake_case(name, file):
    assert file_name(name) == file


def test_what_it_writes_passes(capsys, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    status, out, _ = run(capsys, "new-layer", "MyLayer")
    assert status == 0
    assert out == "written: my_layer.py\nnext:    minialex gradcheck my_layer.py\n"
    status, out, _ = run(capsys, "gradcheck", "my_layer.py")
    assert status == 0
    assert "5 of 5 gradients and outputs are right" in out
    assert "note" not in out
    tests = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "my_layer.py"]
    assert "2 passed" in subprocess.run(tests, capture_output=True, text=True, check=True).stdout


def test_what_it_writes_has_no_long_lines_and_the_docstring_of_a_layer(capsys, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    run(capsys, "new-layer", "MyLayer")
    text = (tmp_path / "my_layer.py").read_text()
    assert max(map(len, text.splitlines())) <= 100
    assert all(word in text for word in ("class MyLayer(Layer)", "Shapes:", "Args:", "def example", "def expected"))


def test_a_mistake_in_it_is_found(capsys, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    run(capsys, "new-layer", "MyLayer")
    path = tmp_path / "my_layer.py"
    path.write_text(path.read_text().replace("return 2 * self.params", "return self.params"))
    status, out, _ = run(capsys, "gradcheck", "my_layer.py")
    assert (status, "0.5 times everywhere: a factor 2 forgotten" in out) == (1, True)


def test_a_file_is_not_overwritten(capsys, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "my_layer.py").write_text("mine")
    refused(capsys, 1, "my_layer.py: expected no such file yet", "new-layer", "MyLayer")
    assert (tmp_path / "my_layer.py").read_text() == "mine"


@pytest.mark.parametrize(
    ("name", "message"),
    [("my_layer", "did you mean MyLayer?"), ("2D", "did you mean D?"), ("", "such as MyLayer"),
     ("../Mine", "did you mean Mine?"), ("Straße", "the name of a class"), ("True", "the name of a class"),
     ("Random", "random.py; choose another name, such as MyRandom"), ("Layer", "hides no module")],
)  # fmt: skip
def test_names_that_are_refused(capsys, monkeypatch, tmp_path, name, message):
    monkeypatch.chdir(tmp_path)
    refused(capsys, 2, message, "new-layer", name)
    assert not list(tmp_path.iterdir())
