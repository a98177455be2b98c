"""The checks of arguments: each accepts what it should, and its error says what was expected, what came, what to do."""

import numpy as np
import pytest

from minialex.checks import (
    abridged,
    check_between,
    check_flags,
    check_integers,
    check_kinds,
    check_numbers,
    check_rng,
    choose,
    described,
    expected,
    is_integer,
)


def test_the_sentence_and_the_class_of_an_error():
    error = expected("a.csv", "numbers", "'x'", "correct the file", FileNotFoundError)
    assert isinstance(error, FileNotFoundError)
    assert str(error) == "a.csv: expected numbers, got 'x'; correct the file"


@pytest.mark.parametrize("number", [1, np.int64(7), np.uint8(1)])
def test_integers_of_python_and_numpy_are_accepted(number):
    assert is_integer(number)
    check_integers("Conv2D", kernel=number)


@pytest.mark.parametrize("number", [0, -1, True, np.True_, 1.0, "3", None, np.float32(2)])
def test_what_is_no_integer_or_too_small_is_refused(number):
    with pytest.raises(ValueError, match=r"^Conv2D: expected kernel to be an integer >= 1, got .*; change kernel$"):
        check_integers("Conv2D", stride=2, kernel=number)


def test_zero_is_accepted_where_the_least_is_zero():
    check_integers("fit", 0, seed=0)
    with pytest.raises(ValueError, match="fit: expected seed to be an integer >= 0, got -1"):
        check_integers("fit", 0, seed=-1)


def test_numbers_within_bounds():
    check_numbers("Dropout", 0, 1, p=np.float32(0.5))
    for p in (1, -0.1, float("nan"), "0.5", None):
        with pytest.raises(ValueError, match="Dropout: expected p to be a number, 0 <= p < 1, got"):
            check_numbers("Dropout", 0, 1, p=p)


def test_a_generator_and_nothing_else():
    check_rng("Dense", np.random.default_rng(0))
    with pytest.raises(ValueError, match=r"Dense: expected rng to be a numpy.random.Generator, got 0; pass rng="):
        check_rng("Dense", 0)


def test_choose_suggests_a_near_name_only():
    table = {"paper": 1, "source": 2}
    assert choose(table, "paper", "preset") == 1
    with pytest.raises(ValueError, match="preset: expected one of paper, source, got 'sorce'; did you mean 'source'"):
        choose(table, "sorce", "preset")
    with pytest.raises(ValueError, match="got 'xyz'; choose one of them"):
        choose(table, "xyz", "preset")


def test_arrays_and_lists_are_described():
    assert described(np.zeros((2, 3), "float32")) == "float32 (2, 3)"
    assert described([1]) == "a list"
    assert abridged(("a", "b", "c"), 2) == "3: a; b; and 1 more"
    assert abridged(("a",), 2) == "1: a"


@pytest.mark.parametrize("flag", [1, 0, None, "x", float("nan"), np.array([True])])
def test_a_flag_is_true_or_false(flag):
    with pytest.raises(ValueError, match="MaxPool: expected ceil to be True or False, got"):
        check_flags("MaxPool", ceil=flag)
    check_flags("MaxPool", ceil=True, other=np.bool(False))


@pytest.mark.parametrize("number", [True, "1", None, float("nan"), 1j, np.array([1.0]), 3, -1])
def test_a_number_is_a_real_number_within_its_bounds(number):
    with pytest.raises(ValueError, match="Dropout: expected p to be a number, 0 <= p < 1, got"):
        check_numbers("Dropout", 0, 1, p=number)
    check_numbers("Dropout", 0, 1, p=np.float32(0.5))


def test_an_integer_between_bounds():
    check_between("Host", 1, 256, workers=256)
    with pytest.raises(ValueError, match="Host: expected workers to be at most 256, got 1e\\+30; change workers"):
        check_between("Host", 1, 256, workers=10**30)
    with pytest.raises(ValueError, match="workers to be an integer >= 1, got 0"):
        check_between("Host", 1, 256, workers=0)


def test_a_thing_of_one_of_several_kinds():
    check_kinds("fit", int | None, "pass it", val=None)
    with pytest.raises(ValueError, match="fit: expected val to be a int or NoneType, got a str; pass it"):
        check_kinds("fit", int | None, "pass it", val="x")
