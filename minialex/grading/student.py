"""Student: a submission as the checks use it: its layers and functions, compared with ours."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from zlib import crc32

import numpy as np

from minialex.gradcases import Maker
from minialex.grading.limits import Limits
from minialex.grading.output_sizes import about_shape
from minialex.grading.process import Process
from minialex.grading.remote import Remote, received, remote
from minialex.grading.setting import Setting
from minialex.grading.wording import hint_of
from minialex.tutor.beside import sides
from minialex.tutor.failure import failure
from minialex.tutor.gradients import Gradient, gradients_of
from minialex.tutor.judging import addition
from minialex.tutor.like import copy_parameters
from minialex.tutor.location import place_of_method
from minialex.tutor.protocol import broken_by_forward
from minialex.tutor.verdict import Mistake, Verdict


class Student:
    """A submission, run in a process of its own; its checks raise Mistake, with a hint.

    Args:   seed, of all random inputs; also, modules of this library that it may import besides `Layer`; show, whether
            it may print; quiet, whether hints name the mistake only by its numbers (for a hunt).
    """

    def __init__(self, path: Path, seed: int, limits: Limits, also: Sequence[str] = (), *, show: bool = False,
                 quiet: bool = False):  # fmt: skip
        self.path, self.seed, self.quiet = path, seed, quiet
        self.process = Process(path, limits, also, show=show)
        self._verdicts: dict[str, dict[str, Verdict]] = {}

    def rng(self, name: str) -> np.random.Generator:
        """Return the random numbers of a check: the same for the same seed, whatever else is checked."""
        return np.random.default_rng([self.seed, crc32(name.encode())])

    def layer(self, make: Maker) -> Remote:
        """Return a layer of the submission, made with the arguments of one of ours."""
        layer = remote(self.process.ask, self.path, make.kind, make.args, make.settings, draws=make.draws)
        return layer.train() if make.training else layer.eval()

    def place(self, layer: Remote, method: str) -> str:
        """Return where the submission defines a method."""
        return place_of_method(layer, method, "", self.path)

    def check(self, setting: Setting, key: str) -> None:
        """Check y, or the gradient of x or of a parameter, beside ours or the numbers worked by hand.

        Args:   key, "y", "x", "W" or "b".
        """
        verdicts = self.verdicts(setting)
        verdict = verdicts.get(key) or verdicts.get("error") or verdicts["y"]
        assert not verdict.right or key in verdicts, f"{setting.name} has no {key} to check"
        if not verdict.right:
            y = verdicts.get("y", verdict)
            raise Mistake(hint_of(verdict, setting, quiet=self.quiet, also_y=y is not verdict and not y.right))

    def verdicts(self, setting: Setting) -> dict[str, Verdict]:
        """Return the tutor's verdicts at a setting, by array; "error" is that of an error before the next array."""
        name = f"{setting.make.kind}, {setting.name}"
        if name in self._verdicts:
            return self._verdicts[name]
        found = self._verdicts[name] = {}
        rng = self.rng(name)
        try:
            theirs = setting.theirs(rng)
            mine = setting.mine(self.layer(setting.make), theirs, self.path)
            copy_parameters(mine, theirs, theirs.layer.state())
            for verdict in sides(name, mine, theirs, rng, setting.upstream(theirs, rng), setting.right):
                found[verdict.variable] = verdict
        except Exception as error:  # whatever its arrays do to the comparison
            found["error"] = failure(name, error, self.path)
        return found

    def check_side_effects(self, setting: Setting) -> None:
        """Check that forward and backward leave x, dy and the parameters alone, repeat themselves and do not add up."""
        rng = self.rng(f"{setting.make.kind}, side effects")
        theirs = setting.theirs(rng)
        mine = setting.mine(self.layer(setting.make), theirs, self.path)
        for text, place in broken_by_forward(mine):
            raise Mistake(text, place)
        gradients: list[Gradient] = []
        for text, place in gradients_of(mine, setting.upstream(theirs, rng), gradients):
            raise Mistake(text, place)
        for advice in filter(None, map(addition, gradients)):
            raise Mistake(advice, mine.place("backward"))

    def check_output_shape(self, setting: Setting) -> None:
        """Check the result of output_shape for one image."""
        ours, shape = setting.make(self.rng("output_shape")), setting.shape[1:]
        got, right = self.layer(setting.make).output_shape(shape), ours.output_shape(shape)
        if got != right:
            told = f"output_shape({shape}) of {ours} is {right}, yours says {got}"
            raise Mistake(f"{told}: {about_shape(got, right, shape, ours)}")

    def call(self, function: str, arrays: Mapping[str, np.ndarray], **numbers: float):
        """Call a function of the submission, and return its result and the arrays as it has left them."""
        answer, found = self.process.ask("call", arrays, function=function, numbers=numbers)
        return received(answer["type"], found.pop("value", None)), found

    def numbers(self, names: Sequence[str]) -> dict[str, float | str]:
        """Return the numbers and texts that the submission gives these names to."""
        return self.process.ask("numbers", names=list(names))[0]["numbers"]
