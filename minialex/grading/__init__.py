"""Assignments graded: forward values and gradients of students' files, which run in a process of their own.

assignments.py   the names and their checks          checks/      the checks, a pytest file each
grade.py         pytest run on a submission          marks.py     the results, a table or data
student.py       the submission, as a check sees it  remote.py    its layers, computed in its own process
process.py       that process, as its parent sees it child/       what runs there
"""

from minialex.grading.grade import grade
from minialex.grading.limits import Limits
from minialex.grading.marks import Marks, Result

__all__ = ["Limits", "Marks", "Result", "grade"]
