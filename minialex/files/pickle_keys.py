"""The keys of dictionaries in a pickle, followed instruction by instruction, without executing any.

A tuple's hash is that of all it contains, however often it contains the same: (t, t) of t = (u, u) of u = (v, v) ...
has 2^40 elements after 40 instructions, and a dictionary with this key takes hours. So keys are text, bytes or numbers.
"""

import pickletools
from collections.abc import Iterable
from typing import Any

CONTAINERS = {"tuple", "list", "dict"}  # as pickletools calls them
SETS = {"EMPTY_SET", "ADDITEMS", "FROZENSET"}  # whose elements are hashed too; a plain file has none


class Keys:
    """The kinds of the objects on a pickle's stack and in its memo, as its instructions leave them there."""

    def __init__(self) -> None:
        self.stack: list[str] = []
        self.memo: dict[Any, str] = {}

    def follow(self, opcode: pickletools.OpcodeInfo, argument: Any) -> None:
        """Do to the kinds what an instruction does to the objects.

        Errors: ValueError for a set, and for a key that is a container; IndexError or KeyError for a broken pickle.
        """
        name, stack = opcode.name, self.stack
        if name in SETS:
            raise ValueError("one with a set")
        if name == "MEMOIZE":
            self.memo[len(self.memo)] = stack[-1]
        elif name.endswith("PUT"):
            self.memo[argument] = stack[-1]
        elif name.endswith("GET"):
            stack.append(self.memo[argument])
        elif name == "DUP":
            stack.append(stack[-1])
        elif name == "BUILD":  # changes the object below the state, and leaves it there
            stack.pop()
        elif name == "SETITEM":
            check_keys(stack[-2:-1])
            del stack[-2:]
        else:
            self._by_table(opcode)

    def _by_table(self, opcode: pickletools.OpcodeInfo) -> None:
        """Take from the stack what the table of pickletools says, up to a mark or one by one, and put the result."""
        before, stack = opcode.stack_before, self.stack
        count = len(before)
        if pickletools.markobject in before or (opcode.name == "POP" and stack[-1] == "mark"):
            mark = len(stack) - 1 - stack[::-1].index("mark")
            if opcode.name in ("SETITEMS", "DICT"):
                check_keys(stack[mark + 1 :: 2])
            del stack[mark:]
            count = before.index(pickletools.markobject) if pickletools.markobject in before else 0
        if count:
            del stack[-count:]
        stack += [kind.name for kind in opcode.stack_after]


def check_keys(kinds: Iterable[str]) -> None:
    """Check that no key is a container."""
    for kind in CONTAINERS.intersection(kinds):
        raise ValueError(f"one with a {kind} as a key")
