"""OpenBLAS's kernels: which processor gets others than OpenBLAS takes, and when."""

import os
import sys

import pytest

from minialex.cli import kernels

CPUINFO = "processor\t: 0\nvendor_id\t: {}\ncpu family\t: {}\nflags\t\t: fpu avx2 {}\n\nprocessor\t: 1\n"


@pytest.mark.parametrize(
    ("vendor", "family", "flags", "faster"),
    [
        ("AuthenticAMD", 25, "avx512f", "Zen"),
        ("AuthenticAMD", 25, "", None),  # Zen 3: OpenBLAS takes Zen by itself
        ("AuthenticAMD", 26, "avx512f", None),
        ("GenuineIntel", 6, "avx512f", None),
    ],
)
def test_only_zen_4_gets_other_kernels(vendor, family, flags, faster):
    assert kernels.faster_kernels(CPUINFO.format(vendor, family, flags)) == faster


def test_a_file_of_another_form_chooses_nothing():
    assert kernels.faster_kernels("") is None
    assert kernels.faster_kernels("Processor: ARMv7\nno colon here\n") is None


@pytest.fixture
def restarts(monkeypatch, tmp_path):
    """The restarts of the program, on a processor of Zen 4: the command and the variable of each."""
    cpuinfo, made = tmp_path / "cpuinfo", []
    cpuinfo.write_text(CPUINFO.format("AuthenticAMD", 25, "avx512f"))
    monkeypatch.setattr(kernels, "Path", lambda name: cpuinfo)
    monkeypatch.setattr(os, "execv", lambda program, words: made.append((words, os.environ[kernels.VARIABLE])))
    monkeypatch.setenv(kernels.VARIABLE, "to be restored")
    monkeypatch.delenv(kernels.VARIABLE)
    return made


def test_a_command_that_computes_starts_again_once(restarts):
    kernels.restart_with_faster_kernels("train")
    kernels.restart_with_faster_kernels("train")  # what the new process does: the variable is set
    assert restarts == [(sys.orig_argv, "Zen")]


def test_other_commands_start_once(restarts):
    kernels.restart_with_faster_kernels("summary")
    assert restarts == []


def test_the_users_choice_stays(restarts, monkeypatch):
    monkeypatch.setenv(kernels.VARIABLE, "Haswell")
    kernels.restart_with_faster_kernels("train")
    assert restarts == []
    assert os.environ[kernels.VARIABLE] == "Haswell"
