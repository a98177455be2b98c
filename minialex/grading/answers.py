"""What comes out of the process of a submission: its answers, or why there is none."""

import queue
from typing import IO

from minialex.grading.frames import BrokenFrame, read_frame
from minialex.grading.limits import Limits

AHEAD = 2  # frames that may wait to be read


def read_all(file: IO[bytes], answers: queue.Queue) -> None:
    """Put each frame that comes through a pipe into a queue, at last the error that ended it.

    Frames that nobody has asked for are not collected: there is one answer to a request.
    """
    while True:
        if answers.qsize() > AHEAD:
            answers.put(BrokenFrame("many answers to one request"))
            return
        try:
            answers.put(read_frame(file))
        except Exception as error:  # a pipe that was closed meanwhile is a ValueError
            answers.put(error if isinstance(error, BrokenFrame) else EOFError())
            return


def why(error: Exception, status: int | None, limits: Limits, *, late: bool) -> str:
    """Return as text why a process gave no answer.

    Args:   status, its exit status (None: it was still there); late, whether its time was over.
    """
    if late:
        return f"not ready after {limits.seconds:g} seconds: a loop that does not end?"
    if isinstance(error, BrokenFrame):
        return f"no answer but {error}: remove what writes to open files"
    if status and status < 0:
        return f"Python was ended by signal {-status}: more than {limits.megabytes} MB, or too much CPU time?"
    return f"Python ended with exit status {status} before it answered: remove os._exit() and the like"
