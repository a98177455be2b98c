"""Layout of the picture of the house: which arrows are drawn, and where rooms stand on their floors."""

from itertools import pairwise
from statistics import mean

from floors import Floors

WIDTH, LEFT, BOX, LANE, GAP = 1060, 190, 128, 16, 16  # pixels: page, labels of the floors, room, passing arrow, gap
Edge = tuple[str, str]
Node = str | tuple[Edge, int]  # a room by its name, or the lane of an arrow that passes a floor


def direct(edges: set[Edge]) -> list[Edge]:
    """Return the arrows without those that a longer way of arrows implies."""
    below: dict[str, set[str]] = {}
    for start, end in edges:
        below.setdefault(start, set()).add(end)

    def reached(name: str) -> set[str]:
        return set().union(*({end} | reached(end) for end in below.get(name, ())))

    return sorted((a, b) for a, b in edges if not any(b in reached(other) for other in below[a] - {b}))


def arranged(floors: Floors, edges: list[Edge]) -> tuple[list[list[Node]], dict[Node, float]]:
    """Return the rooms and lanes of each floor from left to right, and the x of each: near those it is joined to."""
    floor = {name: number for number, names in enumerate(floors.values()) for name in names}
    rows: list[list[Node]] = [list(names) for names in floors.values()]
    joined: dict[Node, list[Node]] = {name: [] for name in floor}
    for start, end in edges:
        lanes: list[Node] = [((start, end), number) for number in range(floor[end] + 1, floor[start])]
        for lane in lanes:
            rows[lane[1]].append(lane)  # type: ignore[index]
        way = [end, *lanes, start]
        for a, b in pairwise(way):
            weight = 1 if isinstance(a, str) or isinstance(b, str) else 6  # a lane is to be straight
            joined.setdefault(a, []).extend([b] * weight)
            joined.setdefault(b, []).extend([a] * weight)
    x: dict[Node, float] = {node: spot for row in rows for node, spot in zip(row, spaced(row, {}), strict=True)}
    for sweep in range(60):
        for row in rows if sweep % 2 else rows[::-1]:
            wanted = {node: mean(x[other] for other in joined[node]) if joined[node] else x[node] for node in row}
            if sweep < 40:  # then the order stays, and the distances settle
                row.sort(key=lambda node: wanted[node])
            x.update(zip(row, spaced(row, wanted), strict=True))
    return rows, x


def width(node: Node) -> int:
    """Return the width of a room or of a lane."""
    return BOX if isinstance(node, str) else LANE


def spaced(row: list[Node], wanted: dict[Node, float]) -> list[float]:
    """Return the middles of a row's rooms and lanes, near where they are wanted, without overlap, on the page."""
    steps = [(width(a) + width(b)) / 2 + GAP for a, b in pairwise(row)]
    goals = [wanted.get(node, (LEFT + WIDTH) / 2) for node in row]
    right, left = goals[:], goals[:]
    for i in range(1, len(row)):
        right[i] = max(right[i], right[i - 1] + steps[i - 1])
        left[-i - 1] = min(left[-i - 1], left[-i] - steps[-i])
    middles = [(a + b) / 2 for a, b in zip(left, right, strict=True)]
    middles[-1] = min(middles[-1], WIDTH - 20 - width(row[-1]) / 2)
    for i in range(len(row) - 2, -1, -1):
        middles[i] = min(middles[i], middles[i + 1] - steps[i])
    middles[0] = max(middles[0], LEFT + width(row[0]) / 2)
    for i in range(1, len(row)):
        middles[i] = max(middles[i], middles[i - 1] + steps[i - 1])
    return middles
