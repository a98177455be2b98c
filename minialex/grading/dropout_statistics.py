"""What is true of dropout whichever units it draws: zeros and the rest, their share, independence, gradients."""

import numpy as np

from minialex.gradcases import Maker
from minialex.grading.remote import Remote
from minialex.grading.setting import Setting
from minialex.grading.student import Student
from minialex.tutor.verdict import Mistake

SHAPE = (150, 120)  # images, units
DEVIATIONS = 6  # of the share that is dropped: by accident in one of 500 million


def check_mask(student: Student, p: float) -> None:
    """Check that each unit is 0 with probability p, else as it was, apart from all other units and images."""
    layer, rng = student.layer(Maker("Dropout", p)), student.rng(f"mask, {p}")
    dropped = drawn(student, layer, p, rng.uniform(1, 2, SHAPE)) == 0
    if (dropped == dropped[0]).all():
        raise Mistake("one mask for all images: draw an array of the shape of x", student.place(layer, "forward"))
    if (dropped == dropped[:, :1]).all():
        raise Mistake("whole images are dropped: draw an array of the shape of x", student.place(layer, "forward"))
    share, deviation = dropped.mean(), np.sqrt(p * (1 - p) / dropped.size)
    if abs(share - p) > DEVIATIONS * deviation:
        kept = abs(share - (1 - p)) <= DEVIATIONS * deviation
        advice = "; p is the probability of dropping, not of keeping" if kept else ""
        raise Mistake(f"{share:.1%} of the units are dropped, with p = {p}{advice}", student.place(layer, "forward"))
    for axis, what in ((0, "units"), (1, "images")):
        spread = dropped.mean(axis=axis).std() / np.sqrt(p * (1 - p) / SHAPE[axis])  # 1 if all are independent
        if not 0.5 < spread < 1.6:
            kind = "unequal" if spread > 1 else "equal"
            text = f"how often the {what} are dropped is too {kind} for independent draws"
            raise Mistake(text, student.place(layer, "forward"))


def drawn(student: Student, layer: Remote, p: float, x: np.ndarray) -> np.ndarray:
    """Return y in training, checked to be 0 or x everywhere."""
    if layer.rng is None:
        raise Mistake("no self.rng: keep the rng that the constructor takes under this name")
    layer.rng = student.rng(f"draws, {p}")
    given = x.copy()
    y = layer.forward(given)
    if not np.array_equal(given, x):
        text = "forward writes into x, which belongs to the caller: make a new array"
        raise Mistake(text, student.place(layer, "forward"))
    if getattr(y, "shape", None) != x.shape:
        text = f"forward returned {getattr(y, 'shape', y)} for x of shape {x.shape}"
        raise Mistake(text, student.place(layer, "forward"))
    ratio = np.unique((y / x).round(6))
    names = {1 / (1 - p): "divided by 1 - p", 1 - p: "multiplied by 1 - p", p: "multiplied by p"}
    scaled = next((text for value, text in names.items() if np.isin(ratio, [0, round(value, 6)]).all()), "")
    if not np.isin(ratio, [0, 1]).all():
        how = f"{scaled} in training: the paper's dropout multiplies by 1 - p in evaluation, and only there"
        raise Mistake(how if scaled else "y is neither 0 nor x in training", student.place(layer, "forward"))
    if 0 not in ratio:
        raise Mistake("nothing is dropped in training (self.training is True)", student.place(layer, "forward"))
    return y


def check_evaluation(student: Student, setting: Setting, key: str) -> None:
    """Check y or dx in evaluation, where nothing is drawn."""
    layer = student.layer(setting.make)
    if layer.made["numbers"].get("p") and 0 in np.array(layer.forward(np.ones(SHAPE))):
        text = "units are dropped in evaluation too: ask self.training (self.train is a method, always true)"
        raise Mistake(text, student.place(layer, "forward"))
    student.check(setting, key)


def check_new_mask(student: Student) -> None:
    """Check that two forwards draw two masks."""
    layer, x = student.layer(Maker("Dropout", 0.5)), np.ones(SHAPE)
    if np.array_equal(drawn(student, layer, 0.5, x), layer.forward(x)):
        raise Mistake("the same mask in every forward: draw it anew from self.rng", student.place(layer, "forward"))


def check_gradient(student: Student, p: float) -> None:
    """Check that dy passes where x passed, and nowhere else."""
    layer, rng = student.layer(Maker("Dropout", p)), student.rng(f"gradient, {p}")
    y = drawn(student, layer, p, rng.uniform(1, 2, SHAPE))
    dy = rng.uniform(1, 2, SHAPE)
    dx, right = layer.backward(dy.copy()), np.where(y == 0, 0, dy)
    place = student.place(layer, "backward")
    if getattr(dx, "shape", None) != dy.shape:
        raise Mistake(f"backward returned {getattr(dx, 'shape', dx)} for dy of shape {dy.shape}", place)
    if np.allclose(dx, right):
        return
    if np.allclose(dx, dy):
        raise Mistake("dx is dy everywhere: it is 0 where the unit was dropped", place)
    ratio = np.unique((dx / dy).round(6))
    if len(ratio) == 2 and np.array_equal(dx == 0, right == 0):
        raise Mistake(f"dx is {ratio.max():g} times dy where the unit was kept: y = x there, so dx = dy", place)
    if len(ratio) == 2 and ratio[0] == 0:
        raise Mistake("another mask than forward's: remember it, and draw no new one", place)
    raise Mistake("dx is dy where the unit was kept, and 0 where it was dropped", place)
