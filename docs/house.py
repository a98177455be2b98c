"""Drawing of docs/images/house.svg, the rooms and floors of the package, from its source: python docs/house.py"""

import re
from html import escape
from pathlib import Path

from floors import FLOORS, PACKAGE, arrows, imports, modules, room
from house_layout import BOX, WIDTH, arranged, direct

ROOT = PACKAGE.parent
PICTURE = ROOT / "docs/images/house.svg"
HEIGHT, ROW = 40, 82  # pixels: of a room, of a floor
STYLE = """text { font: 13px Helvetica, Arial, sans-serif; fill: #111; text-anchor: middle }
.small { font-size: 11px; fill: #444 } .title { font-size: 17px; font-weight: bold; text-anchor: start }
.left { text-anchor: start }
.floor { fill: #f6f6f3 } .room { fill: #fff; stroke: #777 } .book { fill: #d6e9f8; stroke: #0072b2; stroke-width: 2.5 }
.arrow { fill: none; stroke: #666; stroke-width: 1.2; marker-end: url(#head) }"""


def reading_list() -> list[Path]:
    """Return the files that the README's section "Read" links to, those of a linked folder in order of name."""
    section = (ROOT / "README.md").read_text(encoding="utf-8").split("\n## Read\n")[1].split("\n## ")[0]
    paths = [ROOT / target for target in re.findall(r"\]\((minialex/[^)#]*)\)", section)]
    files = [file for path in paths for file in (sorted(path.glob("*.py")) if path.is_dir() else [path])]
    return list(dict.fromkeys(files))


def drawn(package: str, top: int) -> tuple[list[str], int]:
    """Return the elements of one package's drawing below y = top, and the y where it ends."""
    rooms = {room(module, package) for module in modules(PACKAGE)}
    floors = {purpose: tuple(name for name in names if name in rooms) for purpose, names in FLOORS[package].items()}
    floor = {name: number for number, names in enumerate(floors.values()) for name in names}
    between = arrows(imports(PACKAGE), package)  # those that run up are for the tests to complain of, not to draw
    edges = direct({(a, b) for a, b in between if floor.get(b, len(floor)) < floor.get(a, -1) and a != "__init__"})
    rows, x = arranged(floors, edges)
    y = {node: top + ROW * (len(rows) - 1 - number) for number, row in enumerate(rows) for node in row}
    parts = []
    for number, purpose in enumerate(floors):
        at = top + ROW * (len(rows) - 1 - number)
        parts.append(f'<rect class="floor" x="10" y="{at - 6}" width="{WIDTH - 20}" height="{HEIGHT + 12}"/>')
        parts.append(f'<text class="left" x="20" y="{at + 25}">{number + 1:2}  {escape(purpose)}</text>')
    for start, end in edges:
        lanes = [((start, end), number) for number in range(floor[start] - 1, floor[end], -1)]
        parts.append(arrow(x[start], y[start] + HEIGHT, [(x[lane], y[lane]) for lane in lanes], x[end], y[end]))
    for names in floors.values():
        parts += [text for name in names for text in box(package, name, x[name], y[name])]
    return parts, top + ROW * len(rows)


def arrow(x: float, y: float, lanes: list[tuple[float, float]], end_x: float, end_y: float) -> str:
    """Return the path of an arrow from (x, y) down through lanes to (end_x, end_y)."""
    path = f"M{x:.0f} {y:.0f}"
    for lane_x, lane_y in lanes:
        path += curve(y, x, lane_x, lane_y) + f"V{lane_y + HEIGHT:.0f}"
        x, y = lane_x, lane_y + HEIGHT
    return f'<path class="arrow" d="{path}{curve(y, x, end_x, end_y - 2)}"/>'


def curve(y: float, x: float, end_x: float, end_y: float) -> str:
    """Return a curve of a path that leaves and arrives vertically."""
    half = (y + end_y) / 2
    return f"C{x:.0f} {half:.0f} {end_x:.0f} {half:.0f} {end_x:.0f} {end_y:.0f}"


def box(package: str, name: str, x: float, y: float) -> list[str]:
    """Return a room: its box, its name and its number of lines, rounded."""
    path = PACKAGE.parent / package.replace(".", "/") / name
    files = sorted(path.rglob("*.py")) if path.is_dir() else [path.with_suffix(".py")]
    lines = sum(len(file.read_text(encoding="utf-8").splitlines()) for file in files)
    kind = "book" if set(files) & set(reading_list()) else "room"
    return [
        f'<rect class="{kind}" x="{x - BOX / 2:.0f}" y="{y}" width="{BOX}" height="{HEIGHT}" rx="4"/>',
        f'<text x="{x:.0f}" y="{y + 17}">{escape(name)}{"/" if path.is_dir() else ".py"}</text>',
        f'<text class="small" x="{x:.0f}" y="{y + 32}">{rounded(lines)} lines</text>',
    ]


def rounded(lines: int) -> str:
    """Return a number of lines to about two figures, so that a small change does not change the picture."""
    step = 10 if lines < 100 else 50 if lines < 1000 else 100
    return f"{max(step, step * round(lines / step)):,}"


def house() -> str:
    """Return the whole picture as SVG."""
    upper, middle = drawn("minialex", 70)
    lower, bottom = drawn("minialex.data", middle + 60)
    head = '<marker id="head" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto">'
    says = "Rooms of the package minialex as boxes on numbered floors; every arrow, an import, leads to a lower floor."
    return "\n".join([
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {bottom + 10}" role="img" '
        'aria-labelledby="t d">',
        '<title id="t">The house: rooms, floors and imports of minialex</title>',
        f'<desc id="d">{says} {escape(spoken())}</desc>',
        f"<style>{STYLE}</style>",
        f'<defs>{head}<path d="M0 0L8 4L0 8z" fill="#666"/></marker></defs>',
        f'<rect width="{WIDTH}" height="{bottom + 10}" fill="#fff"/>',
        '<text class="title" x="20" y="30">minialex/</text>',
        '<text class="small left" x="120" y="23">An arrow is an import; one that a longer way of arrows implies is '
        "left out, and so are those of __init__.py, which re-exports.</text>",
        '<text class="small left" x="120" y="39">Blue with a thick border: files of the reading list are in it.</text>',
        *upper,
        f'<text class="title" x="20" y="{middle + 25}">minialex/data/</text>',
        *lower,
        "</svg>\n",
    ])  # fmt: skip


def spoken() -> str:
    """Return the floors as a sentence each, for who hears the picture."""
    return " ".join(
        f"{package}, floor {number}, {purpose}: {', '.join(names)}."
        for package, floors in FLOORS.items()
        for number, (purpose, names) in enumerate(floors.items(), 1)
    )


if __name__ == "__main__":
    PICTURE.write_text(house(), encoding="utf-8")
