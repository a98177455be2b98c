"""The process of a submission: it computes what the parent asks for, and knows no right answer.

start.py       the entrance: what may be imported, limits, then the submission
library.py     the part of this library that a submission may use
guard.py       what a submission may not do to files, processes and the network
serve.py       layers made, forward and backward, on request
"""
