"""What works when."""

import pytest

from minialex.plots import timeline

TWO = {"short": {"host": [(0, 2), (2, 2)], "GPU": [(2, 1), (4, 1)]}, "long": {"host": [(0, 2)], "GPU": [(2, 8)]}}


def test_each_interval_is_a_bar_and_all_panels_have_one_axis():
    figure = timeline(TWO, x="Time (ms)", title="two cases")
    short, long = figure.axes
    assert short.get_xlim() == long.get_xlim()
    assert short.get_xlim()[1] >= 10
    bars = [path.get_extents() for rows in short.collections for path in rows.get_paths()]
    assert [(bar.x0, bar.width) for bar in bars] == [(0, 2), (2, 2), (2, 1), (4, 1)]
    assert [label.get_text() for label in short.get_yticklabels()] == ["host", "GPU"]
    assert (short.get_xlabel(), long.get_xlabel()) == ("", "Time (ms)")
    assert figure.alt == "two cases; ends at, Time (ms): short 5, long 10"


def test_rows_differ_in_grey_print_too():
    host, gpu = timeline(TWO, x="s").axes[0].collections
    assert host.get_hatch() != gpu.get_hatch()


@pytest.mark.parametrize(("panels", "message"), [
    ({}, "one interval at least"),
    ({"a": {"host": []}}, "one interval at least"),
    ({"a": {"host": [(-1, 2)]}}, "starts and lengths >= 0"),
])  # fmt: skip
def test_input_that_cannot_be_drawn_is_refused(panels, message):
    with pytest.raises(ValueError, match=message):
        timeline(panels, x="s")
