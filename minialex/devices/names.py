"""The names of devices that `--devices` takes."""

from collections.abc import Sequence

from minialex.checks import check_integers, check_kinds, expected
from minialex.devices.cuda import Cuda
from minialex.devices.device import Device
from minialex.devices.host import Host, host
from minialex.devices.rank import rank_devices


def are_ranks(text: str) -> bool:
    """Tell whether these are devices of several processes: "ranks", or "rank:0,rank:1"."""
    return text.startswith("rank")


def devices_from(text: str, workers: int | None = None) -> tuple[Device, ...]:
    """Return the devices that `--devices` names: "cpu", "cpu:0,cpu:1", "cuda:0", "cuda:0,cuda:1", ...

    "ranks" and "rank:0,rank:1" are processes that mpiexec has started (`rank.py`).
    "cpu" has all workers, or as many as `workers`; "cpu:0" and "cpu:1" have one each.
    A CPU named twice is one device twice; a GPU named twice is two devices on it, each with a stream of its own.
    """
    if are_ranks(text):
        return rank_devices(text, workers)
    names = [name.strip() for name in text.split(",")]
    made: dict[str, Device] = {}
    devices = []
    for name in names:
        again = name.startswith("cuda") and names.count(name) > 1
        if again or name not in made:
            made[name] = device_from(name, workers, stream=again)
        devices.append(made[name])
    return tuple(devices)


def device_from(name: str, workers: int | None, *, stream: bool) -> Device:
    kind, _, index = name.partition(":")
    if kind not in ("cpu", "cuda") or not (index or "0").isdecimal() or len(index) > 4:
        raise expected("--devices", "cpu, cpu:0,cpu:1, cuda:0, cuda:0,cuda:1 or ranks", repr(name), "choose one")
    if name == "cpu":
        return host if workers is None else Host(workers=workers)
    if workers is not None:
        raise ValueError(f"--workers: expected with --devices cpu only, got it with {name}; leave it out")
    return Host(workers=1) if kind == "cpu" else Cuda(int(index or 0), stream=stream)


def checked_devices(owner: str, devices: Sequence[Device]) -> tuple[Device, ...]:
    """Return the devices of a function's argument, at least one; ValueError, naming the function, for anything else."""
    check_kinds(owner, tuple | list, "pass (host, host)", devices=devices)
    check_integers(owner, devices=len(devices))
    for device in devices:
        check_kinds(owner, Device, "pass minialex.host, Host(...) or Cuda(...)", device=device)
    return tuple(devices)
