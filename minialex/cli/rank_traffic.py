"""What the ranks of `minialex summary MODEL --devices ranks:N` would send to each other."""

from argparse import Namespace

from numpy.random import PCG64

from minialex.cli.no_draws import NoDraws
from minialex.devices import host
from minialex.models import build, recipe
from minialex.ranks.hybrid import can_be_divided
from minialex.ranks.traffic import traffic, traffic_text
from minialex.sequential import Sequential


def traffic_of(args: Namespace, net: Sequential, options: dict) -> list[dict]:
    """Return the bytes that a rank sends, by way of splitting and communication, for --json."""
    sent = traffic(net, plain_twin(args, net, options), image_shape(options), args.devices, args.batch)
    return [one._asdict() for one in sent]


def traffic_text_of(args: Namespace, net: Sequential, options: dict) -> str:
    """Return the bytes that a rank sends as text."""
    return traffic_text(net, plain_twin(args, net, options), image_shape(options), args.devices, args.batch)


def plain_twin(args: Namespace, net: Sequential, options: dict) -> Sequential | None:
    """Return the same net without groups, whose dense layers ranks may divide; None where there is none."""
    twin = recipe(args.model, args.preset).twin
    plain = build(twin, [host], rng=NoDraws(PCG64(0)), preset=args.preset, **options) if twin else net
    return plain if can_be_divided(plain) else None


def image_shape(options: dict) -> tuple[int, int, int]:
    return 3, options["image_size"], options["image_size"]
