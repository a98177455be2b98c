"""Section: forward, backward and update captured as a CUDA graph, and replayed; nothing in the library uses graphs."""

import cupy

from gpu_report.common import MODELS, REPEAT, Problem, kits, milliseconds, say
from minialex import Cuda

for kind, kit in kits().items():
    for model in reversed(MODELS):
        try:
            gpu = Cuda(0, stream=True)  # the null stream cannot be captured
            problem = Problem(model, kit, gpu)
            net, x, pool = problem.net.eval(), problem.on_device, cupy.cuda.MemoryPool()  # dropout draws on the host
            with gpu:
                dy = net.forward(x) * 1e-3

                def work(net=net, x=x, dy=dy, sgd=problem.sgd):
                    net.forward(x)
                    net.backward(dy)
                    sgd.step()

                work()
                plain, _ = milliseconds(work, 5)
                with cupy.cuda.using_allocator(pool.malloc):  # what is captured keeps its memory
                    gpu.stream.begin_capture()
                    work()
                    captured = gpu.stream.end_capture()
                replayed, _ = milliseconds(lambda g=captured, s=gpu.stream: g.launch(s), REPEAT)
            say(f"{model}, {kind}: {plain:.2f} ms, replayed {replayed:.2f}")
        except Exception as error:  # one that cannot be captured: the others are wanted all the same
            say(f"{model}, {kind}: {type(error).__name__} {str(error)[:120]}")
