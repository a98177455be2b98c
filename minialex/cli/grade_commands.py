"""The command `minialex grade`."""

import json
from argparse import Namespace
from pathlib import Path

from minialex.checks import abridged, expected
from minialex.cli.wrong_arguments import WrongArgument
from minialex.grading import Limits, Marks
from minialex.grading import grade as graded
from minialex.grading.assignments import assignment_of


def grade(args: Namespace) -> int:
    """Grade submissions; exit status 0 if all checks passed, 1 if some failed."""
    check_arguments(args)
    marks: list[Marks] = []
    for file in args.files:
        limits = Limits(args.seconds, args.memory)
        marks.append(graded(
            file, assignment=args.assignment, hidden=args.hidden, seed=args.seed, limits=limits, checks=args.checks,
            show=args.debug,
        ))  # fmt: skip
        if not args.json:
            print(marks[-1], flush=True)
    points, possible = sum(one.points for one in marks), sum(one.possible for one in marks)
    passed = all(one.passed for one in marks)
    if args.json:
        submissions = [one.as_dict() for one in marks]
        print(json.dumps({"passed": passed, "points": points, "possible": possible, "submissions": submissions}))
    elif len(marks) > 1:
        print(f"{sum(one.passed for one in marks)} of {len(marks)} files passed, {points} of {possible} points")
    return 0 if passed else 1


def check_arguments(args: Namespace) -> None:
    """Check all files and names before the first is graded."""
    for file in (*args.files, *args.checks):
        if not file.is_file():
            raise expected(file, "a Python file", "no such file", "check the name", WrongArgument)
    wrong: dict[Path, ValueError] = {}
    for file in args.files[: 1 if args.assignment else None]:  # a name that is given is right or wrong for all
        try:
            assignment_of(file, args.assignment)
        except ValueError as error:
            wrong[file] = error
    if wrong:
        first, *others = wrong
        more = f"; the same for {abridged([file.name for file in others], 20)}" if others else ""
        raise WrongArgument(f"{wrong[first]}{more}")
