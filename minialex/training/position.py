"""How far an epoch has come: what a run that is stopped between two steps has to keep beside its net."""

from typing import NamedTuple, Self

from minialex.checks import check_integers, check_numbers, expected


class Position(NamedTuple):
    """The steps that were taken of an epoch, and sums over their images: nothing else of the loop changes with them.

    The order of the images and their augmentation follow from the seed and the epoch's number, the rate from the
    schedule.
    """

    step: int = 0
    images: int = 0
    loss: float = 0.0  # sum over the images
    wrong: int = 0  # images
    seconds: float = 0.0

    @classmethod
    def of(cls, values: object) -> Self:
        """Return the position that a file contains; ValueError if it is none."""
        if not isinstance(values, dict) or values.keys() != set(cls._fields):
            raise expected("position", f"{', '.join(cls._fields)}", values, "start a new run")
        position = cls(**values)
        check_integers("position", 0, step=position.step, images=position.images, wrong=position.wrong)
        check_numbers("position", float("-inf"), float("inf"), loss=position.loss, seconds=position.seconds)
        return position

    def after(self, loss: float, images: int, wrong: int, seconds: float) -> Self:
        """Return the position one step further.

        Args:   loss, the mean over the images of the step; wrong, how many of them were not recognized; seconds, since
                the epoch began.
        """
        return type(self)(self.step + 1, self.images + images, self.loss + loss * images, self.wrong + wrong, seconds)

    def text(self) -> str:
        """Return the loss and the error so far, as text."""
        return f"loss {self.loss / self.images:.3f}, train {self.wrong / self.images:.1%}"
