"""The process of a submission: it computes what the parent asks for, and knows no right answer.

start.py       the entrance: what may be imported, limits, then the submission
library.py     the part of this library that a submission may use
readable.py    the files that it may read
guard.py       what it may not do to files, processes and the network: refused with a reason
landlock.py    the same for files, by the kernel of Linux
serve.py       layers made, forward and backward, on request
"""
