"""Section: milliseconds of each layer of the paper's net, forward, backward and update."""

from gpu_report.common import MODELS, Problem, kits, milliseconds, say
from minialex import Cuda


def rows(kit):
    """Yield each layer's name, and its milliseconds (by the GPU, of the host) of forward and backward."""
    gpu = Cuda(0)
    problem = Problem(MODELS[0], kit, gpu)
    x, inputs, forward, backward = problem.on_device, {}, {}, {}
    with gpu:
        for name, layer in problem.net.layers.items():
            inputs[name] = x
            forward[name] = milliseconds(lambda layer=layer, x=x: layer.forward(x), 5)
            x = layer.forward(x)
        dy = x * 1e-3
        for name, layer in reversed(problem.net.layers.items()):

            def both(layer=layer, x=inputs[name], dy=dy):
                layer.forward(x)
                return layer.backward(dy)

            backward[name] = [b - f for b, f in zip(milliseconds(both, 5), forward[name], strict=True)]
            dy = both()
    for name, times in forward.items():
        yield name, times, backward[name]
    yield "update", milliseconds(problem.sgd.step, 5), (0.0, 0.0)


for kind, kit in kits().items():
    say(f"{kind}: ms by the GPU's clock (until the host was free again)")
    for name, (forward, host_forward), (backward, host_backward) in rows(kit):
        if forward + backward > 0.2:
            line = f"{name:8} {forward:7.2f} ({host_forward:6.2f})   {backward:7.2f} ({host_backward:6.2f})"
            say("  " + line)
