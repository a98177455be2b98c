"""The house keeps its plan: imports lead to lower floors, files and functions stay short, the book stays an evening."""

import ast
import io
import re
import tokenize
from pathlib import Path

import pytest
from floors import FLOORS, PACKAGE, arrows, circle, imports, modules, room, through_faces, upward
from house import PICTURE, house, reading_list

ROOT = PACKAGE.parent
IMPORTS = imports(PACKAGE)

# Exceptions, {name: (limit, reason)}: each reason must be one that a reader grants.
LINES_A_FILE = 120
LINES_A_FILE_IN_FAST = 190  # a trick, its drawing and its measurements stay on one page
LONG_FILES: dict[str, tuple[int, str]] = {
    "checks.py": (155, "each kind of check once, to be found on one page"),
    "cli/arguments.py": (230, "a table of all options, one line each, in the order of --help"),
    "files/plain_pickle.py": (150, "all checks of an untrusted format on one page, to be audited"),
    "files/plain_tar.py": (155, "all checks of an untrusted format on one page, to be audited"),
    "layer.py": (180, "the protocol of a layer and the tree of layers, which share their state"),
    "parallel/collectives.py": (155, "each communication beside the one that is its transpose"),
}
LINES_A_FUNCTION = 25  # below its docstring
LONG_FUNCTIONS: dict[str, tuple[int, str]] = {
    "alexnet.py: alexnet": (40, "the tables of a group's layers, to be read as Figure 2"),
    "models/alexnet_single.py: alexnet_single": (30, "one table of layers"),
}
LINES_OF_THE_BOOK = 1500  # of code, in the files of the README's reading list


# Floors


@pytest.mark.parametrize("package", FLOORS)
def test_rooms_import_from_lower_floors_only(package):
    found = upward(IMPORTS, package, FLOORS[package])
    assert not found, "\n".join(["", *found])


@pytest.mark.parametrize("package", FLOORS)
def test_every_room_has_one_floor(package):
    placed = [name for names in FLOORS[package].values() for name in names]
    rooms = {room(module, package) for module in modules(PACKAGE)} - {None}
    assert sorted(placed) == sorted(rooms), f"give each room of {package} one floor in docs/floors.py"


def test_no_circle_of_imports():
    found = circle(IMPORTS)
    assert not found, "\n".join(["a circle:", *found])


def test_nobody_imports_through_the_face_of_his_own_folder():
    found = through_faces(IMPORTS)
    assert not found, "\n".join(["", *found])


def test_the_tests_mirror_the_package():
    folders = {path.parent.relative_to(ROOT / "tests") for path in (ROOT / "tests").rglob("test_*.py")}
    strange = [str(folder) for folder in sorted(folders) if not (PACKAGE / folder).is_dir()]
    assert not strange, "a folder of tests is named after the folder of minialex/ that it tests"


# The reading of imports, on a package made up for it


@pytest.fixture
def written(tmp_path):
    """A function that writes a package `shed`, from the text of its files, and reads its imports."""

    def write(**files):
        for name, text in {"__init__": "", **files}.items():
            path = tmp_path / "shed" / f"{name.replace('__in__', '/')}.py"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
            (path.parent / "__init__.py").touch()
        return imports(tmp_path / "shed")

    return write


TWO = {"ground": ("low",), "roof": ("high",)}


def test_an_import_that_leads_down_is_allowed(written):
    found = written(low="import os", high="from shed.low import os")
    assert [str(one) for one in found] == ["shed/high.py:1 imports shed.low"]
    assert list(arrows(found, "shed")) == [("high", "low")]
    assert not upward(found, "shed", TWO)
    assert not circle(found)


@pytest.mark.parametrize(
    "text",
    [
        "\nimport shed.high",
        "\nfrom shed.high import roof",
        "\nfrom shed import high",
        "\nfrom . import high",
        "\nfrom .high import roof",
        "def late():\n    from shed.high import roof",
        "if TYPE_CHECKING:\n    from shed.high import Roof",
    ],
)
def test_an_import_that_leads_up_is_found_with_file_and_line(written, text):
    sentences = upward(written(low=text, high=""), "shed", TWO)
    assert sentences == [
        "shed/low.py:2 imports shed.high: low is on floor 1 of shed, high on floor 2; import from lower floors"
    ]


def test_two_rooms_of_one_floor_do_not_import_each_other(written):
    assert upward(written(low="import shed.high", high=""), "shed", {"ground": ("low", "high")})


def test_a_name_that_hides_its_module_is_an_import_of_the_face(written):
    found = written(__init__="from shed.high import high", high="def high(): ...", low="from shed import high")
    assert [str(one) for one in found if one.source == "shed.low"] == ["shed/low.py:1 imports shed"]


def test_the_page_names_the_rooms_of_every_floor():
    page = (ROOT / "docs" / "house.md").read_text()
    for floors in FLOORS.values():
        for number, names in enumerate(floors.values(), 1):
            rooms = ", ".join(f"`{name}`" for name in names)
            assert f"| {number} | {rooms} |" in page, f"floor {number}: {rooms}"


def test_floors_inside_a_folder_are_read_alike(written):
    found = written(room__in__low="from shed.room.high import x", room__in__high="")
    assert not arrows(found, "shed")
    assert "floor 1 of shed.room" in upward(found, "shed.room", TWO)[0]


def test_a_circle_is_told_in_its_order(written):
    found = written(a="import shed.b", b="def late():\n    import shed.c", c="\n\nimport shed.a", d="import shed.a")
    lines = {"shed/a.py:1 imports shed.b", "shed/b.py:2 imports shed.c", "shed/c.py:3 imports shed.a"}
    assert set(circle(found)) == lines


def test_a_circle_through_the_face_of_another_folder_is_found(written):
    found = written(left__in__one="", left__in____init__="import shed.right.two", right__in__two="import shed.left.one")
    assert circle(found) == [
        "shed/left/__init__.py:1 imports shed.right.two",
        "shed/right/two.py:1 imports shed.left.one",
    ]


def test_a_module_that_asks_the_face_of_its_own_folder_is_found(written):
    found = written(
        room__in____init__="from shed.room.one import x", room__in__one="x = 1", room__in__two="from shed.room import x"
    )
    assert through_faces(found) == [
        "shed/room/two.py:1 imports shed.room, the face of its own folder; import from the file that defines it"
    ]


# Size


def named(path: Path) -> str:
    return str(path.relative_to(PACKAGE))


def file_lengths() -> dict[str, int]:
    return {named(path): len(path.read_text().splitlines()) for path in PACKAGE.rglob("*.py")}


def function_lengths() -> dict[str, int]:
    return {
        f"{named(path)}: {name}": lines
        for path in PACKAGE.rglob("*.py")
        for name, lines in functions(ast.parse(path.read_text()), "")
    }


def functions(tree: ast.AST, prefix: str):
    """Yield the qualified name and the length of each function, methods and nested functions included."""
    for node in ast.iter_child_nodes(tree):
        inner = f"{prefix}{node.name}." if hasattr(node, "name") else prefix
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield f"{prefix}{node.name}", length(node)
        yield from functions(node, inner)


def length(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Return the lines of a function from the first below its docstring."""
    first = function.body[1] if ast.get_docstring(function) and len(function.body) > 1 else function.body[0]
    return (function.end_lineno or 0) - first.lineno + 1


@pytest.mark.parametrize(
    ("lengths", "limit", "limit_in_fast", "exceptions"),
    [
        (file_lengths(), LINES_A_FILE, LINES_A_FILE_IN_FAST, LONG_FILES),
        (function_lengths(), LINES_A_FUNCTION, LINES_A_FUNCTION, LONG_FUNCTIONS),
    ],
    ids=["files", "functions"],
)
def test_files_and_functions_stay_readable(lengths, limit, limit_in_fast, exceptions):
    largest = sorted(lengths.items(), key=lambda item: -item[1])
    print("the largest:", *(f"{lines:5} {name}" for name, lines in largest[:10]), sep="\n  ")  # on failure
    limits = {name: limit_in_fast if name.startswith("fast/") else limit for name in lengths}
    idle = [name for name in exceptions if lengths.get(name, 0) <= limits.get(name, limit)]
    assert not idle, "exceptions that are not needed any more; remove them"
    limits |= {name: lines for name, (lines, _) in exceptions.items()}
    too_long = [f"{name}: {lines} lines, at most {limits[name]}" for name, lines in largest if lines > limits[name]]
    assert not too_long, "\n".join(["ask what is hiding there:", *too_long])


def lines_of_code(text: str) -> int:
    """Return the number of lines that are no docstring, no comment and not blank."""
    ignored = (tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER)
    lines: set[int] = set()
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type not in ignored:
            lines.update(range(token.start[0], token.end[0] + 1))
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef) and ast.get_docstring(node) is not None:
            lines -= set(range(node.body[0].lineno, (node.body[0].end_lineno or 0) + 1))
    return len(lines)


def test_lines_of_code_are_no_docstrings_comments_or_blanks():
    assert (
        lines_of_code(
            '"""Two\nlines."""\n\n# why\nx = """a\nb"""\ndef f():\n    "What."\n    return (\n        1)  # one\n'
        )
        == 5
    )


def test_the_book_is_as_long_as_the_readme_says():
    told = re.search(r"([\d,]+) lines of code", (ROOT / "README.md").read_text())
    assert told, 'the README says "N lines of code" in its section "Read"'
    said, counted = int(told[1].replace(",", "")), sum(lines_of_code(path.read_text()) for path in reading_list())
    assert counted <= LINES_OF_THE_BOOK
    assert abs(said - counted) <= 0.02 * counted, f"the README says {said:,} lines of code; its list has {counted:,}"


def test_the_reading_list_is_the_book():
    names = {named(path) for path in reading_list()}
    training = {f"training/{name}.py" for name in ("sgd", "schedule", "loop", "evaluate")}
    assert names >= {
        "alexnet.py",
        "presets.py",
        "layer.py",
        "sequential.py",
        "gradcheck.py",
        "devices/device.py",
        *training,
    }
    assert names >= {named(path) for folder in ("layers", "parallel") for path in (PACKAGE / folder).glob("*.py")}


# The picture


@pytest.mark.slow
def test_the_picture_is_what_the_source_draws():
    current = PICTURE.read_text(encoding="utf-8") == house()
    assert current, "docs/images/house.svg is older than the source; draw it again: python docs/house.py"
