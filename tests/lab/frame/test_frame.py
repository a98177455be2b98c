"""The frame of the experiments: kept results, rates, paired differences, a comparison in small."""

import json

import numpy as np
import pytest

from minialex.lab.frame.compare import compare, with_held_out
from minialex.lab.frame.entry import Entry, RiseAndFall, drawn
from minialex.lab.frame.errors_table import errors_table
from minialex.lab.frame.net import class_net
from minialex.lab.frame.rates import GRID, best_rate
from minialex.lab.frame.results import Results
from minialex.lab.frame.settings import Settings
from minialex.lab.frame.tables import mean_and_error, mean_of_reached, seeds_needed
from minialex.summary import summary


def test_a_result_is_computed_once_and_kept(tmp_path):
    results, calls = Results(tmp_path / "x", {"epochs": 1}), []
    assert not (tmp_path / "x").exists()
    for _ in range(2):
        assert results.once("a", lambda: calls.append(1) or {"error": (0.5, np.float64(1).item())}) == {
            "error": [0.5, 1.0]
        }
    assert Results(tmp_path / "x", {"epochs": 1}).once("a", pytest.fail) == {"error": [0.5, 1.0]}
    assert len(calls) == 1


def test_results_of_other_settings_and_damaged_ones_are_refused(tmp_path):
    Results(tmp_path, {"epochs": 2}).once("a", lambda: 1)
    with pytest.raises(ValueError, match="choose another --out"):
        Results(tmp_path, {"epochs": 1})
    (tmp_path / "results.json").write_text("{")
    with pytest.raises(ValueError, match="a damaged file"):
        Results(tmp_path, {"epochs": 1})


@pytest.mark.parametrize("least", [0, 3, 4, 8])
def test_the_search_walks_to_where_the_error_turns(least):
    asked = []

    def error_at(rate):
        asked.append(rate)
        return abs(GRID.index(rate) - least)

    assert best_rate(error_at) == GRID[least]
    assert len(asked) == len(set(asked)) == max(3, min(abs(least - 4) + 3, abs(least - 4) + 2 + (0 < least < 8)))


def test_the_search_goes_on_past_one_worse_rate_with_a_margin_of_two():
    errors = {0.1: 1, 0.2: 5, 0.4: 6, 0.8: 4, 1.6: 5, 3.2: 7}
    assert best_rate(errors.get, 0.2, grid=tuple(errors)) == 0.1
    assert best_rate(errors.get, 0.4, grid=tuple(errors)[1:]) == 0.8
    assert best_rate(errors.get, 0.2, grid=tuple(errors)[1:]) == 0.2
    assert best_rate(errors.get, 0.2, grid=tuple(errors)[1:], margin=2) == 0.8


def test_means_and_standard_errors():
    assert mean_and_error([1.0]) == "1.00"
    assert mean_and_error([1.0, 2.0, 3.0]) == "2.00 ± 0.58"
    assert mean_and_error([1.0, 3.0], signed=True) == "+2.00 ± 1.00"
    assert seeds_needed([0.0, 2.0, 4.0], 1.0) == "16"  # s = 2
    assert seeds_needed([0.3, 0.4, 0.5, 0.4], 0.4) == "3"
    assert seeds_needed([1.0, 2.0], 1.0) == ""


def test_what_only_some_seeds_reach():
    assert mean_of_reached([1.0, 2.0], "never") == "1.50 ± 0.50"
    assert mean_of_reached([None, 2.0], "never") == "2.00 (1 of 2 seeds)"
    assert mean_of_reached([None, None], "never") == "never"


def test_the_net_changes_in_one_part_only():
    rng = np.random.default_rng(0)
    usual = class_net(rng=rng, classes=10)
    assert summary(usual, (3, 32, 32)).parameters == 156_842
    assert [*usual.layers] == [
        "conv1", "unit1", "pool1", "conv2", "unit2", "pool2", "conv3", "unit3", "pool3", "flatten",
        "fc4", "unit4", "output",
    ]  # fmt: skip
    kit_norm = {"norm": lambda channels: Entry}
    with pytest.raises(ValueError, match="norm1"):
        class_net(rng=rng, classes=10, **kit_norm)
    dropped = class_net(rng=rng, classes=10, dropout=0.5, convolutions={"conv1": (8, 5)})
    assert [*dropped.layers] == ["conv1", "unit1", "pool1", "flatten", "fc2", "unit2", "drop2", "output"]


def settings_in(folder, **changed):
    return Settings(
        **{"out": folder, "data": "shapes", "limit": 30, "epochs": 1, "seeds": 2, "name": "test", **changed}
    )


def test_the_rate_rises_stays_and_falls():
    factors = [RiseAndFall().at(step, 40) for step in range(40)]
    assert factors[:5] == [0.25, 0.5, 0.75, 1.0, 1.0]
    assert factors[28:32] == [1.0, 1.0, 0.1, 0.1]
    assert [RiseAndFall().at(step, 2) for step in range(2)] == [1.0, 1.0]


def test_each_seed_draws_other_images_as_many_of_each_class(tmp_path):
    train = settings_in(tmp_path).dataset().train
    one, again, other = (drawn(train, 30, seed) for seed in (0, 0, 1))
    assert np.bincount(one.labels).tolist() == [3] * 10
    np.testing.assert_array_equal(one.images, again.images)
    assert not np.array_equal(one.images, other.images)
    assert drawn(train, None, 0) is train


def test_a_comparison_in_small_goes_on_with_more_seeds(tmp_path, monkeypatch):
    entries = {"usual": Entry(net=class_net, published="1 / 2"), "again": Entry(net=class_net)}
    text = compare(entries, settings_in(tmp_path), costs=True).text
    assert (tmp_path / "table.md").read_text() == text + "\n"
    assert (tmp_path / "test.png").stat().st_size > 5000
    rows = text.splitlines()[-2:]
    assert rows[0].startswith("| usual | 156,842 | 3,720,448 | ")
    assert rows[0].endswith("|  | 1 / 2 |")
    assert "+0.00 ± 0.00" in rows[1]  # the same net with the same seeds
    kept = json.loads((tmp_path / "results.json").read_text())
    assert kept["settings"] == {"experiment": "test", "data": "shapes", "limit": 30, "epochs": 1}
    assert kept["cpu_seconds"].keys() == kept["results"].keys()
    trainings = []
    errors = Entry.errors
    monkeypatch.setattr(Entry, "errors", lambda *args, **kw: trainings.append(kw["seed"]) or errors(*args, **kw))
    compare(entries, settings_in(tmp_path, seeds=3), costs=True)
    assert trainings == [2, 2]


def test_a_training_is_watched_and_ends_where_the_function_says(tmp_path):
    seen = []

    def watch(net, train, history):
        seen.append((type(net).__name__, len(train), len(history)))
        return len(history) == 2

    dataset = settings_in(tmp_path).dataset()
    _, train, history = Entry(net=class_net).train(dataset, lr=0.01, epochs=5, seed=0, limit=30, watch=watch)
    assert seen == [("Sequential", 30, 1), ("Sequential", 30, 2)]
    assert (len(train), len(history)) == (30, 2)


def test_rates_are_judged_on_images_that_no_table_has(tmp_path):
    dataset = settings_in(tmp_path).dataset()
    search = with_held_out(dataset)
    assert (len(search.train), len(search.val)) == (320, 80)
    known = {image.tobytes() for image in dataset.train.images}
    assert {image.tobytes() for image in np.concatenate([search.train.images, search.val.images])} == known


def test_trainings_that_diverged_are_counted_in_the_table():
    rows = {"a": [{"train_error": 0.1, "val_error": 0.5}, {"train_error": 0.9, "val_error": 0.9, "diverged": True}]}
    text = errors_table({"a": Entry(net=class_net)}, rows, {"a": 0.01}, {})
    assert "| 70.00 ± 20.00 (1 of 2 diverged) |" in text


def test_the_seeds_that_would_show_a_published_difference():
    rows = {name: [{"train_error": 0, "val_error": v / 100} for v in values] for name, values in {
        "a": (50, 50, 50), "b": (50, 52, 54),
    }.items()}  # fmt: skip
    entries = {"a": Entry(net=class_net), "b": Entry(net=class_net, claimed=1.0)}
    text = errors_table(entries, rows, {"a": 0.01, "b": 0.01}, {})
    assert "seeds that would show it" in text
    assert text.endswith("| 52.00 ± 1.15 | +2.00 ± 1.15 | 16 |")


def test_what_another_process_has_added_is_kept(tmp_path):
    one, two = Results(tmp_path, {}), Results(tmp_path, {})
    one.once("a", lambda: 1)
    two.once("b", lambda: 2)
    assert json.loads((tmp_path / "results.json").read_text())["results"] == {"a": 1, "b": 2}


def test_a_training_that_diverges_has_the_error_of_guessing(tmp_path):
    dataset = settings_in(tmp_path).dataset()
    with np.errstate(all="ignore"):
        result = Entry(net=class_net).errors(dataset, lr=1e9, epochs=2, seed=0, limit=200)
    assert result["diverged"]
    assert result["val_error"] == pytest.approx(0.9)


def test_arrays_are_kept_in_a_file_of_their_own(tmp_path):
    results = Results(tmp_path / "x", {"epochs": 1})
    made = results.arrays("seed 0", lambda: {"p": np.eye(2), "q": np.arange(3)})
    again = Results(tmp_path / "x", {"epochs": 1}).arrays("seed 0", pytest.fail)
    for arrays in (made, again):
        np.testing.assert_array_equal(arrays["p"], np.eye(2))
        np.testing.assert_array_equal(arrays["q"], np.arange(3))
    assert json.loads((tmp_path / "x" / "results.json").read_text())["results"] == {"seed 0": "seed-0.npz"}
    with pytest.raises(ValueError, match="choose another --out"):
        Results(tmp_path / "x", {"epochs": 2})
