"""Every command on a page runs, in small; other lines of the shell are run by CI; Python without prompts runs too."""

import ast
import re
import shlex
from importlib import import_module
from pathlib import Path

import numpy as np
import pytest

from minialex.cli import Parser, main
from minialex.cli.arguments import add_commands

ROOT = Path(__file__).parents[1]
PAGES = {
    path.relative_to(ROOT).as_posix(): path.read_text()
    for path in [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
    if "generated" not in path.parts
}
QUICK = ("docs/troubleshooting.md", "docs/pytorch-and-keras.md")  # their commands run in seconds: in every test run
BY_OTHERS = (
    "docs/your-own-layer.md",
    "docs/assignments.md",
    "docs/scale.md",
)  # their own tests run them, on the files of the page
PARSED = {  # why these are parsed only
    "cuda:": "a GPU",
    "ARCHIVES": "155 GB; test_ilsvrc.py unpacks small ones",
    "subset imagenet": "the same; test_subset.py takes classes by their words",
    "data get": "a download; its tests have a server",
    "bench": "minutes, and nothing else at the same time; tests/lab/test_bench.py runs it in small",
    "grade": "tests/grading runs it",
    "reproduce variants": "many nets; test_variants.py runs a group of them in small",
    "reproduce recipes": "the authors' nets by their recipes; test_recipes.py runs them in small",
    "reproduce airbench": "test_airbench.py runs it in small",
}
EXPERIMENT = re.compile(r"minialex reproduce [\w-]+$")  # with no option: test_experiments.py runs each in small
WORDS = {
    "FOLDER": "photographs", "PREPARED": "prepared", "DIR": "subset", "RUN": "runs/mine", "IMAGE": "cat.jpg",
    "cifar10": "shapes", "fashion-mnist": "shapes", "bvlc_alexnet.npz": "alexnet.safetensors",
}  # fmt: skip
FILES = {
    "--weights": "alexnet.safetensors", "--labels": "imagenet.txt", "--photograph": "cat.jpg",
    "gradcheck": "my_layer.py",
}  # fmt: skip
RUNS = ("NAME", "ONE", "small", "airbench", "recipes/cifar_80sec")  # all are runs/mine; runs/TWO is another
SMALL = {  # of a training, by the beginning of the model's name
    "alexnet": "--limit 4 --batch 2 --epochs 1 --image-size 67",
    "cifar": "--limit 20 --batch 10 --epochs 1 --image-size 32",
    "small_alexnet": "--limit 20 --batch 10 --epochs 1 --image-size 16",
}
LAYER = "from minialex.layers import ReLU\ndef example(rng): return ReLU(), rng.standard_normal((2, 3))\n"


def commands():
    """Return the commands of all pages, each with the first page that it stands on; those that run at once first."""
    found = {}
    for page in sorted(PAGES, key=lambda page: page not in QUICK):
        for inline, line in re.findall(r"`(minialex [^`\n]+)`|^(minialex .+)$", PAGES[page], re.MULTILINE):
            if page not in BY_OTHERS:
                found.setdefault((inline or line.split("  ")[0]).strip(), page)
    return {command: page for command, page in found.items() if not is_mentioned(command)}


def is_mentioned(command):
    """Tell whether this is the name of a command in a sentence: it has no arguments, and needs some."""
    if not re.fullmatch(r"[a-z -]+(\.\.\.)?", command) or " -" in command:
        return False
    try:
        parsed(command.replace("...", ""))
    except SystemExit:
        return True
    return False


def parsed(command):
    top = Parser(prog="minialex")
    add_commands(top)
    return top.parse_args(shlex.split(command)[1:])


COMMANDS = commands()
RUN = {  # with the page that it stands on
    command: page
    for command, page in COMMANDS.items()
    if not EXPERIMENT.match(command) and not any(part in command for part in PARSED)
}
AT_ONCE = {command for command, page in RUN.items() if page in QUICK and "reproduce" not in command}


def test_the_pages_have_commands():
    assert len(COMMANDS) > 90
    assert len(RUN) > 60
    assert len(AT_ONCE) > 15
    assert all(any(part in command for command in COMMANDS) for part in PARSED if part != "grade")


@pytest.mark.parametrize("command", sorted(command for command in COMMANDS if "--help" not in command))
def test_a_command_of_a_page_is_understood(command):
    assert parsed(command.replace("...", "")).command


OTHER = {  # lines of the shell that begin otherwise: what runs each
    "&& minialex train": "here/bin/minialex train --epochs 1",  # in .ci/run, on the wheel
    '".[notebooks]" && jupyter lab notebooks/': None,  # by hand, in a browser; test_notebooks.py runs the notebooks
    '".[test]" && .venv/bin/python -m pytest -n auto': "grep -m 1 'python -m pytest' README.md",
    '".[test]"': "grep -m 1 'python -m pytest' README.md",
    ".venv/bin/python -m pytest -n auto": "grep -m 1 'python -m pytest' README.md",
    "python -m pytest tests/test_tiny.py": "tests/test_tiny.py",
    ".venv/bin/ruff check . && .venv/bin/ruff format --check . && .venv/bin/mypy": ".venv/bin/ruff check .",
    '".[docs]" && .venv/bin/python -m sphinx -c docs -W . build/site': "python -m sphinx -q -c docs -W . build/site",
    ".venv/bin/python docs/lite.py build/site": ".venv/bin/python docs/lite.py build/site",
    ".venv/bin/python -m http.server --directory build/site": None,  # Python's own
    "python docs/house.py": None,  # test_house.py draws the picture
    "pip install 'minialex[imagenet]'": None,  # SciPy alone
    '".[notebooks,grade]"': None,
    "jupyter lab notebooks/": None,
    "pip install -e '.[cuda13x,test]'": None,  # a GPU
    "python tests/gpu_report": None,
    "minialex train --devices cuda:0,cuda:1 --limit 100 --epochs 1": None,  # tests of the double of CuPy
}


def test_every_other_line_of_the_shell_is_run_by_ci_or_stated():
    script, lines = (ROOT / ".ci/run").read_text(), set()
    for page, text in PAGES.items():
        for block in re.findall(r"^```sh\n(.*?)^```", text, re.MULTILINE | re.DOTALL):
            lines |= {line.split("  ")[0].strip() for line in block.splitlines() if page not in BY_OTHERS}
    others = {line for line in lines if line and not line.startswith("minialex ")}
    assert not [line for line in others if not line.endswith(tuple(OTHER))]
    assert not [ran for ran in OTHER.values() if ran and ran not in script]


def python_blocks():
    """Return the Python of the pages that has no prompts; a page that tells of its own file is tested with it."""
    for page, text in PAGES.items():
        for block in re.findall(r"^```python\n(.*?)^```", text, re.MULTILINE | re.DOTALL):
            if ">>> " not in block and page not in BY_OTHERS:
                yield pytest.param(block, id=f"{Path(page).stem}-{block.split()[1]}")


@pytest.mark.parametrize("block", list(python_blocks()))
def test_python_without_prompts_names_what_exists(block):
    """The packages of others are not needed, nor 155 GB: what is imported from ours exists, and the text is Python."""
    tree = ast.parse(block)
    ours = [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.module.startswith("minialex")]
    for node in ours:
        assert all(hasattr(import_module(node.module), alias.name) for alias in node.names)


@pytest.fixture(scope="module")
def lesson(tmp_path_factory):
    """A folder with what the commands of the pages name."""
    from PIL import Image

    root, rng = tmp_path_factory.mktemp("lesson"), np.random.default_rng(0)
    for split in ("train", "val"):
        for label in ("cat", "dog"):
            folder = root / "photographs" / split / label
            folder.mkdir(parents=True)
            for i in range(5):
                Image.fromarray(rng.integers(0, 256, (70, 80, 3), dtype=np.uint8)).save(folder / f"{i}.png")
    for name in ("cat.jpg", "dog.jpg"):
        Image.fromarray(rng.integers(0, 256, (300, 400, 3), dtype=np.uint8)).save(root / name)
    (root / "imagenet.txt").write_text("\n".join(f"class {i}" for i in range(1000)))
    (root / "my_layer.py").write_text(LAYER)
    for seed, name in enumerate(("mine", "TWO")):
        out = ["--seed", str(seed), "--out", str(root / "runs" / name), "--quiet"]
        assert main(["train", *SMALL["small_alexnet"].split(), *out]) == 0
    for name in RUNS:
        path = root / "runs" / name
        path.parent.mkdir(exist_ok=True)
        path.symlink_to(root / "runs" / "mine")
    return root


@pytest.fixture(scope="module")
def lesson_with_weights(lesson):
    """The same folder, with prepared photographs and files of weights, one of 240 MB."""
    from minialex import load_run
    from minialex.models import alexnet_single, write_weights

    assert (
        main(["data", "prepare", str(lesson / "photographs"), "--out", str(lesson / "prepared"), "--size", "70"]) == 0
    )
    net = alexnet_single(rng=np.random.default_rng(0))
    write_weights(lesson / "alexnet.safetensors", net.state())
    write_weights(lesson / "small.safetensors", load_run(lesson / "runs" / "mine").net.state())
    return lesson


def in_small(command):
    """Return the words of a command, with names of the lesson and so few images that it takes seconds."""
    command = command.replace("...", "").replace("RUN RUN", "runs/mine runs/TWO")
    words = [WORDS.get(word, word) for word in shlex.split(command)[1:]]
    words = [
        FILES.get(before, word) if word == "FILE" else word for before, word in zip(["", *words], words, strict=False)
    ]
    if words[0] == "train" and "--resume" in words:
        return [*words, "--epochs", "2"]
    if words[0] == "train":
        if "alexnet.safetensors" in words:
            words[words.index("alexnet.safetensors")] = "small.safetensors"
            words += ["--model", "small_alexnet"]
        model = words[words.index("--model") + 1] if "--model" in words else "small_alexnet"
        return [*words, *next(small for begin, small in SMALL.items() if model.startswith(begin)).split()]
    if words[0] == "reproduce":
        data = [] if "--data" in words else ["--data", "shapes"]
        return [*words, *data, "--limit", "20", "--epochs", "1", "--seeds", "1"]
    return words


def run_in(folder, command, monkeypatch, capsys):
    monkeypatch.chdir(folder)
    words = in_small(command)
    if "--help" in words:
        with pytest.raises(SystemExit, match=r"^0$"):
            main(words)
    else:
        assert main(words) == 0, capsys.readouterr().err


@pytest.mark.slow
@pytest.mark.parametrize("command", sorted(AT_ONCE))
def test_the_commands_of_a_guide_run(command, lesson, monkeypatch, capsys):
    run_in(lesson, command, monkeypatch, capsys)


@pytest.mark.slow
def test_the_example_of_the_page_on_sharing_runs(lesson, monkeypatch, capsys):
    (block,) = re.findall(r"^```python\n(import numpy as np\nfrom minialex import activations.*?)^```",
                          PAGES["docs/experiments/sharing.md"], re.MULTILINE | re.DOTALL)  # fmt: skip
    monkeypatch.chdir(lesson)
    net = ["--model", "cifar_80sec", "--data", "photographs", "--image-size", "16", "--epochs", "1"]
    assert main(["train", *net, "--out", "sharing"]) == 0
    block = block.replace("runs/recipes/cifar_80sec", "sharing").replace("FOLDER", "photographs")
    exec(block.replace("image_size=32", "image_size=16"), {})
    assert "4 fc" in capsys.readouterr().out


@pytest.mark.slow
@pytest.mark.parametrize("command", sorted(RUN.keys() - AT_ONCE))
def test_the_commands_of_the_other_pages_run(command, lesson_with_weights, monkeypatch, capsys, tmp_path):
    if "--out" in command and "--resume" not in command:
        command = re.sub(
            r"--out \S+", f"--out {tmp_path / 'out.png' if '.png' in command else tmp_path / 'out'}", command
        )
    run_in(tmp_path if "new-layer" in command else lesson_with_weights, command, monkeypatch, capsys)
