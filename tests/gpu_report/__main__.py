"""The day a GPU is there: one command runs all that needs one, within nine minutes, and prints one page.

    python tests/gpu_report                  all sections, from the root of the repository
    python tests/gpu_report tests layers     these only
    python tests/gpu_report --small          small nets, few repetitions: a trial of the script, not of the GPU

Needs minialex[cuda13x] (or cuda12x) and pytest; PyTorch for the section `pytorch`. Each section is a process of its own
with a limit: one that fails or hangs costs no other. The page is report.txt in the folder --out; beside it the log of
each section. It ends with status 1 if a section has failed.
"""

import argparse
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import NamedTuple

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
MARK = "| "  # begins a line of the page; all others are the log


class Section(NamedTuple):
    """A part of the page: how many seconds it may take, and its question."""

    seconds: int
    question: str


SECTIONS = {
    "machine": Section(30, "which GPU, how fast its memory, its products, a transfer and a launch are"),
    "tests": Section(120, "do the tests pass that need a GPU, or two"),
    "races": Section(40, "are two groups on two streams of one GPU equal to one device, every time"),
    "equality": Section(50, "does CuPy compute what NumPy does, layer by layer, and is TF32 used only when asked for"),
    "launches": Section(30, "how many kernels does each layer of the paper's net launch"),
    "layers": Section(50, "milliseconds of each layer of the paper's net"),
    "steps": Section(50, "a training step, with and without the transfer of its images"),
    "pytorch": Section(100, "the same step in PyTorch: eager, TF32 on and off, channels last, compiled"),
    "training": Section(50, "are the curves those of the host: cpu, cuda:0, two groups on cuda:0"),
    "graph": Section(20, "a step captured once and replayed"),
}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("sections", nargs="*", help=f"of {', '.join(SECTIONS)}; all unless named")
    parser.add_argument("--small", action="store_true", help="small nets, few repetitions")
    parser.add_argument("--out", type=Path, default=Path("gpu-report"), help="folder of the page and the logs")
    arguments = parser.parse_args()
    if unknown := set(arguments.sections) - SECTIONS.keys():
        parser.error(f"{', '.join(sorted(unknown))}: expected {', '.join(SECTIONS)}")
    arguments.out.mkdir(parents=True, exist_ok=True)
    page, failed = [], 0
    for name in arguments.sections or SECTIONS:
        seconds, question = SECTIONS[name]
        section = Section(6 * seconds if arguments.small else seconds, question)  # the double is slow
        status, lines = run(name, section, arguments.out / f"{name}.log", is_small=arguments.small)
        failed += status != "ok"
        page += lines
        (arguments.out / "report.txt").write_text("\n".join(page) + "\n")
        print(*lines, sep="\n", flush=True)
    return int(failed > 0)


def run(name: str, section: Section, log: Path, *, is_small: bool) -> tuple[str, list[str]]:
    """Run a section, and return "ok" or what went wrong, and its lines of the page."""
    began = time.monotonic()
    outside = environment(name, log.parent, is_small=is_small or name == "launches")
    with log.open("w") as file:
        process = subprocess.Popen(
            command(name, is_small=is_small), cwd=ROOT, env=outside, stdin=subprocess.DEVNULL, stdout=file,
            stderr=subprocess.STDOUT, start_new_session=True,
        )  # fmt: skip
        try:
            code = process.wait(section.seconds)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, 9)
            code = process.wait()
            file.write(f"\n{MARK}ended after {section.seconds} seconds, its limit\n")
    status = "ok" if code == 0 else f"failed ({code})"
    text = log.read_text().splitlines()
    said = [line for line in text if line.startswith(MARK)] or [f"{MARK}{line}" for line in text[-4:]]
    return status, [f"{name}: {section.question}?  {status}, {time.monotonic() - began:.0f} s", *said]


def command(name: str, *, is_small: bool) -> list[str]:
    if name != "tests":
        return [sys.executable, "-m", f"gpu_report.{name}"]
    tests = ["tests/devices/test_cuda.py"] if is_small else ["tests/devices", "tests/cuda", "tests/cli/test_gpus.py"]
    found = [path for path in tests if (ROOT / path).exists()]
    plain = ["-q", "-p", "no:cacheprovider", "--maxfail=20", "--durations=3", "-m", "gpu or multi_gpu"]
    return [sys.executable, "-m", "gpu_report.tests", *plain, *found]


def environment(name: str, out: Path, *, is_small: bool) -> dict[str, str]:
    """Return the environment of a section; kernels that CuPy compiles are kept for the sections after it."""
    double = [str(ROOT / "tests" / "cupy_double" / "as_cupy")] * (name == "launches")
    paths = [*double, str(ROOT), str(ROOT / "tests"), *filter(None, [os.environ.get("PYTHONPATH")])]
    cache = os.environ.get("CUPY_CACHE_DIR", str(out.resolve() / "kernels"))
    kept = {name: value for name, value in os.environ.items() if name not in ("CUPY_TF32", "NVIDIA_TF32_OVERRIDE")}
    return kept | {"PYTHONPATH": os.pathsep.join(paths), "CUPY_CACHE_DIR": cache, "GPU_REPORT_SMALL": "1" * is_small}


if __name__ == "__main__":
    sys.exit(main())
