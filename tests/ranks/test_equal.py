"""A net over ranks is the net in one process: Figure 2 bit for bit, split batches and units to rounding."""

import pytest

pytestmark = pytest.mark.ranks


@pytest.mark.parametrize(("n", "ways"), [(2, ("groups", "data", "hybrid")), (4, ("data", "hybrid")), (1, ("data",))])
def test_a_net_over_ranks_learns_what_it_learns_in_one_process(succeeds, n, ways):
    lines = succeeds(n, "equal.py", *ways).splitlines()
    assert len(lines) == 2 * sum({"groups": 1, "data": 2, "hybrid": 1}[way] for way in ways)
