"""Right layers pass, and nothing is said against them."""

from pathlib import Path

import numpy as np
import pytest
from console import run

from minialex import Layer
from minialex.gradcases import CASES
from minialex.tutor import check_file, check_layers

FILE = Path(__file__).with_name("right_layers.py")


def test_right_layers_pass_without_a_word():
    verdicts = list(check_file(FILE))
    assert [str(verdict) for verdict in verdicts if verdict.kind != "right" or verdict.advice] == []
    assert len({verdict.case for verdict in verdicts}) == 15


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_seed_does_not_matter(seed):
    assert all(verdict.right for verdict in check_file(FILE, seed=seed))


def test_our_own_layers_pass_without_a_word():
    verdicts = list(check_layers(every_setting=True))
    assert [str(verdict) for verdict in verdicts if verdict.kind != "right" or verdict.advice] == []
    assert len({verdict.case for verdict in verdicts}) == len(CASES)


def test_a_layer_of_ours_that_is_broken_is_diagnosed_too(monkeypatch):
    from minialex.layers import Dense

    backward = Dense.backward

    def halved(self, dy):
        return 0.5 * backward(self, dy)

    monkeypatch.setattr(Dense, "backward", halved)
    (x, *_) = check_layers("Dense", every_setting=False)
    assert "0.5 times everywhere: a factor 2 forgotten" in x.advice


MANY = """
import numpy as np
from minialex import Layer
class Square(Layer):
    def forward(self, x):
        self.remember(x)
        return x * x
    def backward(self, dy):
        return {factor} * self.recall() * dy
def example(rng):
    return Square(), rng.standard_normal((1, 3, 40, 40))
"""


@pytest.mark.parametrize(("factor", "status", "text"), [("2", 0, "1 of 1"), ("3", 1, "1.5 times everywhere")])
def test_of_a_large_input_some_elements_are_compared(capsys, tmp_path, factor, status, text):
    (tmp_path / "many.py").write_text(MANY.format(factor=factor))
    got, out, _ = run(capsys, "gradcheck", tmp_path / "many.py")
    assert got == status
    assert "x has 4,800 elements: 200 of them, drawn at random, are compared" in out
    assert text in out


def test_the_index_of_the_worst_of_some_elements_is_that_in_the_whole_array(tmp_path):
    (tmp_path / "many.py").write_text(MANY.format(factor="3"))
    verdict = list(check_file(tmp_path / "many.py"))[1]
    index = tuple(map(int, verdict.text.split("[")[1].split("]")[0].split(", ")))
    x = np.random.default_rng(0).standard_normal((1, 3, 40, 40))
    dy = np.random.default_rng(1).standard_normal(x.shape)
    assert f"backward {3 * x[index] * dy[index]:.6g}" in verdict.text


def test_a_parameter_outside_of_params_is_a_note_that_does_not_fail(capsys, tmp_path):
    text = MANY.format(factor="2 * self.s").replace("return x * x", "return self.s * x * x").replace("40, 40", "4, 4")
    text = text.replace("    def forward", "    def __init__(self):\n        super().__init__()\n"
                        "        self.s = np.ones((4, 4))\n    def forward")  # fmt: skip
    (tmp_path / "mine.py").write_text(text)
    status, out, _ = run(capsys, "gradcheck", tmp_path / "mine.py")
    assert status == 0
    assert 'self.params["s"], or it is neither checked nor updated' in out
    assert "1 of 1 gradients are right" in out


def test_a_gradient_that_is_zero_for_every_backward_is_said_to_check_nothing(tmp_path):
    text = (
        MANY.format(factor="2")
        .replace("x * x", "np.maximum(x, 0)")
        .replace("rng.standard_normal((1, 3, 40, 40))", "-np.ones((2, 3))")
    )
    (tmp_path / "mine.py").write_text(text.replace("2 * self.recall() * dy", "np.where(self.recall() > 0, dy, 0)"))
    (verdict,) = check_file(tmp_path / "mine.py")
    assert "0 everywhere, as the differences are: choose another x" in verdict.advice


def test_the_layer_and_x_of_the_example_are_left_alone():
    from minialex.tutor.lesson import Case, verdicts

    class Double(Layer):
        def forward(self, x):
            x *= 2
            return x

        def backward(self, dy):
            dy *= 2
            return dy

    layer, x = Double(), np.ones((2, 3), dtype="float32")
    assert len([v for v in verdicts(Case("double", layer, x), np.random.default_rng(0)) if not v.right]) == 2
    np.testing.assert_array_equal(x, np.ones((2, 3)))
    assert layer.grads == {}
