"""Mistakes that students make, a file each in `mistakes/`: the sentence that gradcheck must give for it."""

import re
from pathlib import Path

import pytest

from minialex.tutor import check_file

FOLDER = Path(__file__).parent / "mistakes"

# fmt: off
SENTENCES = {  # the file (its first line names the mistake), and what must be said; my_file.py stands for the file
    "divided_by_n": "0.2 times everywhere: divided by N = 5 once too often?",
    "db_mean": "0.2 times everywhere: divided by N = 5 once too often?",
    "adds_to_grads": 'backward adds to grads["W"] of the last time: assign, self.grads["W"] = ...',
    "plus_equals_on_empty_grads": "in backward: KeyError: 'W'; assign, do not add: self.grads[\"W\"] = ...",
    "forgotten_two": "0.5 times everywhere: a factor 2 forgotten, as in d(x**2) = 2 x?",
    "twice": "2 times everywhere: a factor 2 too many?",
    "wrong_sign": "-1 times everywhere: a wrong sign?",
    "no_chain_rule": "right after multiplying by dy: was dy forgotten (the chain rule)?",
    "transposed_gradient": 'grads["W"] has shape (3, 4), W has (4, 3); transposed? The values are right after .T',
    "transposed_square": "right after .T: are two axes swapped?",
    "not_summed": "not summed? The values are right after a sum over axis 0 (the batch)",
    "keepdims": "not reshaped? The values are right after reshaping to (4,)",
    "returns_nothing": "backward returned None: return dx",
    "no_gradient": 'no grads["b"] after backward: assign self.grads["b"] = ..., not self.db',
    "other_name": 'no grads["W"] after backward: assign self.grads["W"] = ..., not self.grads["w"]',
    "zeros": "0 everywhere: is it computed, and assigned?",
    "loop_too_short": "wrong only in axis 0, index 3, the last (a range that ends too early?), it is 0 there",
    "loop_misses_a_column": "wrong only in column 3, the last (a range that ends too early?), it is 0 there",
    "overlap_assigned": "where windows overlap (= in place of +=?)",
    "flipped_kernel": "none of the usual mistakes; compute the worst element by hand",
    "flipped_dw": "right after reversing axes 2, 3: an order reversed? (correlation and convolution mixed up?)",
    "pool_undivided": "4 times everywhere: not divided by x.size / y.size = 4, a sum instead of a mean?",
    "global_mean": "24 times everywhere: not divided by H*W = 24, a sum instead of a mean?",
    "forgotten_gamma": "right after multiplying by gamma: was gamma forgotten?",
    "negative_half": "wrong only where x < 0, it is 0 there",
    "weight_decay_inside": "0.01 * W more everywhere: weight decay? that is the update rule's work",
    "update_inside": 'backward changes params["W"]: it only computes grads',
    "own_copy_of_w": 'does forward read self.params["W"], and no other array such as self.W?',
    "parameter_outside": "self.s is an array (float64 (4,)) outside of params",
    "no_output_shape": "forward returned (5, 4) but output_shape says (5, 3): define output_shape",
    "batch_in_output_shape": "forward returned (5, 4) but output_shape says (5, 5, 4): leave the batch axis N out",
    "single_precision": "forward returned float32 for a float64 x; finite differences need float64: use np.zeros(",
    "global_random": "forward differs from call to call, for the same x: it draws from np.random; draw from self.rng",
    "rng_under_another_name": "self.generator is a Generator; keep it as self.rng",
    "new_mask_in_backward": "backward draws from self.rng: remember what forward drew",
    "forgotten_keep": "0.7 times everywhere: not divided by 1 - self.p = 0.7",
    "writes_into_x": "forward writes into x, which belongs to the caller: make a new array",
    "writes_into_dy": "backward writes into dy, which belongs to the caller: make a new array",
    "kink": "x is at a kink (a point without a derivative)",
    "not_finite": "forward returned -inf at [",
    "typo_of_attribute": "in backward: AttributeError: 'Square' object has no attribute 'xd'; did you mean 'xs'?",
    "no_super": "call super().__init__() at the start of __init__; see my_file.py:9, in __init__",
    "no_super_no_params": "my_file.py:8, in __init__: Square: call super().__init__() at the start of __init__",
    "no_layer": "expected a Layer, got a Square; write class Square(Layer)",
    "class_not_object": "my_file.py:18, in example: expected a layer, got the class Square; create it: Square()",
    "misspelt_method": "NotImplementedError: Square does not define forward; the class has 'foward': write def forward",
    "no_self": "positional argument but 2 were given; self forgotten? def forward(self, x)",
    "shapes_do_not_fit": 'the shapes there: x (5, 3), params["W"] (4, 3)',
    "undefined_name": "in backward: NameError: name 'W' is not defined; did you mean self.params[\"W\"]?",
    "scalar_parameter": 'params["a"] is no array but a float: write np.array(...)',
    "loss_without_labels": "'labels'; a loss? then example returns (loss, logits, labels)",
    "loss_not_divided": "5 times everywhere: not divided by N = 5, a sum instead of a mean?",
    "loss_not_a_number": "forward returned shape (5,), but a loss is one number: the mean over the batch",
    "loss_backward_with_dy": "the backward of a loss takes no dy: def backward(self)",
    "forward_unlike_expected": "3 times everywhere: a constant factor?",
    "syntax": "SyntaxError: '(' was never closed; see my_file.py:9",
    "exits": "nothing was checked: remove the call that ends Python",
    "no_example": "the layers Square but no example; add def example(rng)",
    "example_without_rng": "but 1 was given; write def example(rng); see my_file.py:17, in example",
    "empty_example": "got an empty dict; return these",
    "one_of_two": "expected x to be an array of numbers",
}
# fmt: on


def told(path):
    """Return all that gradcheck says about a file, and whether it passes."""
    try:
        verdicts = list(check_file(path))
    except ValueError as error:  # of the file as a whole
        return str(error), False
    return "\n".join(map(str, verdicts)), all(verdict.right for verdict in verdicts)


@pytest.mark.filterwarnings("ignore::RuntimeWarning")  # log(0) in a student's layer
@pytest.mark.parametrize("name", SENTENCES)
def test_the_mistake_is_named(name):
    text, passes = told(FOLDER / f"{name}.py")
    assert not passes
    assert SENTENCES[name].replace("my_file.py", f"{name}.py") in text


def test_every_file_is_in_the_table_and_names_its_mistake():
    files = sorted(FOLDER.glob("*.py"))
    assert {path.stem for path in files} == set(SENTENCES)
    assert len(files) >= 25
    assert all(path.read_text().startswith("# ") for path in files)


def test_a_guess_is_a_question():
    """Only what is certain is said without a question mark: the file of the mistake may be right in its way."""
    for name in ("divided_by_n", "wrong_sign", "transposed_square", "forgotten_gamma", "zeros", "overlap_assigned"):
        advice = told(FOLDER / f"{name}.py")[0].split("in backward: ")[1].split("\n")[0]
        assert "?" in advice


@pytest.mark.parametrize("name", ["divided_by_n", "no_output_shape", "returns_nothing", "one_of_two", "writes_into_x"])
def test_one_mistake_does_not_hide_the_rest(name):
    assert "right" in told(FOLDER / f"{name}.py")[0].replace("the other elements are right", "")


def test_no_error_without_a_line_of_the_file():
    for name in SENTENCES.keys() - {"empty_example", "no_example"}:  # there is no line to name
        text = told(FOLDER / f"{name}.py")[0].replace(f"{name}.py: expected", "")
        assert re.search(rf"\b{name}\.py:\d+", text), text
