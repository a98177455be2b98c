"""Whether this Python can start threads. One that runs in a browser (Pyodide) cannot: it does the same work in line."""

from functools import cache
from threading import Thread


@cache
def can_start_threads() -> bool:
    """Tell whether a thread can be started; the first call tries it, which takes a tenth of a millisecond."""
    thread = Thread(target=int, name="minialex tries threads", daemon=True)
    try:
        thread.start()
    except RuntimeError:  # "can't start new thread"
        return False
    thread.join()
    return True
