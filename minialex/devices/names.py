"""The names that `--devices` takes."""

from minialex.devices.cuda import Cuda
from minialex.devices.device import Device
from minialex.devices.host import Host, host


def devices_from(text: str, workers: int | None = None) -> tuple[Device, ...]:
    """The devices that `--devices` names: "cpu" (all workers), "cpu:0,cpu:1" (one thread each), "cuda:0,cuda:1", ...

    A cpu named twice is one device twice; a GPU named twice is two devices on it, each with a stream of its own.
    """
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
    if kind not in ("cpu", "cuda") or not (index or "0").isdecimal():
        raise ValueError(f"--devices: expected cpu, cpu:0,cpu:1, cuda:0 or cuda:0,cuda:1; got {name!r}; choose one")
    if name == "cpu":
        return host if workers is None else Host(workers=workers)
    if workers is not None:
        raise ValueError(f"--workers: expected with --devices cpu only, got it with {name}; leave it out")
    return Host(workers=1) if kind == "cpu" else Cuda(int(index or 0), stream=stream)
