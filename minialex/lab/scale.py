"""How far AlexNet scales over machines: a calculation from the bytes of `ranks/traffic.py`, not a measurement.

    step = compute + bytes / bandwidth + messages * latency,        efficiency = compute / step

Every rank computes `batch` images a step, at a rate that is given. In the column "hidden" the sums of gradients take
place during the backward pass and cost only what is longer than it; this library sums after it.
"""

from typing import NamedTuple

import numpy as np

from minialex.lab.frame.compare import keep_table
from minialex.lab.frame.results import Results
from minialex.lab.frame.settings import Settings
from minialex.lab.frame.tables import markdown
from minialex.models import alexnet_single
from minialex.ranks.traffic import Sent, traffic
from minialex.sequential import Sequential

SHAPE = (3, 224, 224)
IMAGES = 1_281_167  # of ILSVRC-2012
BACKWARD = 0.6  # of a step's computation, below the dense layers: what sums could hide behind; assumed
LATENCY = 2e-5  # seconds a message; assumed
PLAIN, LARS = 1024, 8192  # the largest batches that AlexNet has been trained with, without and with LARS
# Krizhevsky 2014: speed-ups over one K20, at 128 images a GPU, quoted from memory; 98 hours on one are 327 images/s.
PUBLISHED, PUBLISHED_RATE, PUBLISHED_GB = {2: 1.95, 4: 3.74, 8: 6.25}, 327.0, 5.0


class Step(NamedTuple):
    """The seconds of a step: its computation alone, and with what is sent in each way."""

    compute: float
    data: float
    hidden: float
    hybrid: float


def scale(settings: Settings, rate: float, bandwidth: float, ranks: list[int], batch: int) -> str:
    """Calculate efficiency and days, keep table and picture, and return the table.

    Args:   rate, images a second of one rank; bandwidth, GB/s that a rank sends; ranks, their numbers; batch, images
            of a rank; settings.limit and settings.epochs, images and epochs of the training.
    """
    from minialex.plots import save, series  # late: matplotlib takes half a second

    options = {"rate": rate, "bandwidth": bandwidth, "batch": batch}
    results = Results(settings.out, settings.as_dict() | options)
    net = alexnet_single(rng=np.random.default_rng(0))
    seconds = results.once(f"steps of {ranks} ranks", lambda: [step(net, p, batch, rate, bandwidth) for p in ranks])
    steps = {p: Step(*of_step) for p, of_step in zip(ranks, seconds, strict=True)}
    images = (settings.limit or IMAGES) * settings.epochs
    rows = [cells(p, batch, one, images) for p, one in steps.items()]
    head = ["ranks", "images a step", "data", "data, hidden", "hybrid", "days", "trained with such batches"]
    text = "\n\n".join([
        f"{rate:g} images/s a rank, {batch} images a rank and step, {bandwidth:g} GB/s: efficiency; a calculation",
        markdown(head, rows), ends(batch), against_2014(net),
    ])  # fmt: skip
    keep_table(settings, text)
    ways = {"data": "data", "data, hidden": "hidden", "hybrid": "hybrid"}
    lines = {name: (ranks, [one.compute / getattr(one, way) for one in steps.values()]) for name, way in ways.items()}
    save(series(lines, x="ranks", y="efficiency", log="x", title="AlexNet over ranks"), settings.out / "scale.png")
    return text


def step(net: Sequential, ranks: int, batch: int, rate: float, bandwidth: float) -> Step:
    """Return the seconds of a step of so many ranks, each with a batch of its own."""
    compute = batch / rate
    if ranks == 1:
        return Step(compute, compute, compute, compute)
    seconds: dict[str, list[float]] = {"data": [0.0, 0.0], "hybrid": [0.0, 0.0]}  # of features and logits, of sums
    for sent in traffic(net, net, SHAPE, ranks, ranks * batch):
        seconds[sent.split][sent.communication == "gradients"] += time_of(sent, ranks, bandwidth)
    data, hybrid = seconds["data"], seconds["hybrid"]
    hidden = data[0] + max(0.0, data[1] - BACKWARD * compute)
    return Step(compute, compute + sum(data), compute + hidden, compute + sum(hybrid))


def time_of(sent: Sent, ranks: int, bandwidth: float) -> float:
    """Return the seconds of a communication: its bytes, and a message to each other rank and back."""
    return (sent.forward + sent.backward) / (1e9 * bandwidth) + 2 * (ranks - 1) * LATENCY


def cells(ranks: int, batch: int, one: Step, images: int) -> list[str]:
    """Return a row of the table."""
    days = images / (ranks * batch) * min(one.data, one.hybrid) / 86400
    known = "yes" if ranks * batch <= PLAIN else "with LARS" if ranks * batch <= LARS else "no"
    shares = [f"{one.compute / seconds:.0%}" for seconds in one[1:]]
    return [f"{ranks:,}", f"{ranks * batch:,}", *shares, f"{days:.3g}", known]


def ends(batch: int) -> str:
    """Return where the batch ends the scaling, whatever the network."""
    plain, lars = (f"{max(1, largest // batch)} ranks ({largest:,} images a step)" for largest in (PLAIN, LARS))
    beyond = "rows above that are images a second, not a training"
    return f"the batch ends it at {plain}, with LARS, which is not in this library, at {lars}; {beyond}"


def against_2014(net: Sequential) -> str:
    """Return the model beside the speed-ups that were published for hybrid in 2014: its error."""
    pairs = []
    for ranks, published in PUBLISHED.items():
        one = step(net, ranks, 128, PUBLISHED_RATE, PUBLISHED_GB)
        got = ranks * one.compute / one.hybrid
        pairs.append(f"{ranks} GPUs {got:.2f} for {published:g} ({got / published - 1:+.0%})")
    assumed = f"{PUBLISHED_RATE:g} images/s, {PUBLISHED_GB:g} GB/s assumed"
    return f"the model beside hybrid's speed-ups of 2014 ({assumed}): {', '.join(pairs)}"
