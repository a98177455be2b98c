"""Mistakes that students make, each in a right solution: a check fails, and its hint names the mistake."""

import pytest
from grading.local import Local
from grading.students import changed
from slow import all_but

from minialex.grading import grade, student

OLD_PAD = "np.pad(x, ((0, 0), (0, 0), (P, P), (P, P)))"
DW = 'self.grads["W"] = dy.T @ x'
SHAPE = 'F, K, S, P = len(self.params["b"]), self.kernel, self.stride, self.pad'
SIZES = "K, S, P, G, C = self.kernel, self.stride, self.pad"
SIDES = "return F, 1 + (H + 2 * P - K) // S, 1 + (W + 2 * P - K) // S"
CUT = "dx[:, :, P : H - P, P : dx.shape[3] - P]"
POSITION = "i, j = np.unravel_index(window.argmax(), window.shape)"
VIEW = "here = dx[n, c, S * h : S * h + K, S * w : S * w + K]"
ADD = "dx[n, c, S * h + i, S * w + j] += dy[n, c, h, w]"
WINDOW = "range(max(0, i - half), min(C, i + half + 1))\n            scale"
DRAW = "self.rng.random(x.shape)"

# fmt: off
MISTAKES = {  # assignment, changes, and part of the hint
    # -- relu
    "mask of dy": ("relu", [("np.where(x > 0", "np.where(dy > 0")],
        "masked by dy: where dy > 0 in place of where x > 0?"),
    "mask of the other side": ("relu", [("np.where(x > 0", "np.where(x < 0")], "masked where x < 0 in place of"),
    "no chain rule": ("relu", [("dy, 0)", "1.0, 0)")], "was dy forgotten (the chain rule)?"),
    "no mask": ("relu", [("np.where(x > 0, dy, 0)", "dy.copy()")], "not masked: dx is 0 where x < 0"),
    "forward again": ("relu", [("np.where(x > 0, dy, 0)", "np.maximum(x, 0)")], "forward again in place of the chain"),
    "min for max": ("relu", [("np.maximum", "np.minimum")], "max and min mixed up?"),
    "absolute value": ("relu", [("np.maximum(x, 0)", "np.abs(x)")], "the absolute value: what becomes of x < 0?"),
    "writes into x": ("relu", [("return np.maximum(x, 0)", "x[x < 0] = 0; return x")], "forward writes into x"),
    "writes into dy": ("relu", [("return np.where(x > 0, dy, 0)", "dy[x < 0] = 0; return dy")],
        "backward writes into dy"),
    "nothing returned": ("relu", [("return np.where", "dx = np.where")], "backward returned None: return dx"),
    "another name": ("relu", [("class ReLU", "class Relu")], "no ReLU in submission_relu.py; did you mean 'Relu'?"),
    "unfinished": ("relu", [("return np.where(x > 0, dy, 0)", "raise NotImplementedError")],
        "in backward: NotImplementedError; this part is yours to write"),
    "syntax": ("relu", [("return np.where(x > 0, dy, 0)", "return np.where(x > 0, dy, 0")],
        "SyntaxError: '(' was never closed"),
    # -- dense
    "no super": ("dense", [("super().__init__()", "pass")], "call super().__init__()"),
    "x @ W": ("dense", [('params["W"].T', 'params["W"]')], "x @ W in place of x @ W.T?"),
    "shapes do not fit": ("dense", [('params["W"].T', 'params["W"]')],
        'the shapes there: x (3, 7), params["W"] (4, 7)'),
    "dW transposed": ("dense", [("dy.T @ x", "x.T @ dy")], "transposed? The values are right after .T"),
    "dW of one image": ("dense", [("dy.T @ x", "(dy.T @ x) / len(x)")], "divided by N = 3 once too often?"),
    "db a mean": ("dense", [("dy.sum(axis=0)", "dy.mean(axis=0)")], "divided by N = 3 once too often?"),
    "db over the features": ("dense", [("dy.sum(axis=0)", "dy.sum(axis=1)")],
        "summed over the features: the batch is axis 0"),
    "db not summed": ("dense", [("dy.sum(axis=0)", "dy")], "not summed? The values are right after a sum over axis 0"),
    "grads added": ("dense", [(DW, 'self.grads["W"] = self.grads.get("W", 0) + dy.T @ x')],
        'backward adds to grads["W"] of the last time'),
    "+= on grads": ("dense", [(DW, 'self.grads["W"] += dy.T @ x')], 'assign, do not add: self.grads["W"] = ...'),
    "no b": ("dense", [(' + self.params["b"]', "")], "was b forgotten?"),
    "dW under another name": ("dense", [('self.grads["W"]', 'self.grads["w"]')], 'not self.grads["w"]'),
    "dy @ W.T": ("dense", [('return dy @ self.params["W"]', 'return dy @ self.params["W"].T')],
        "dy @ W.T in place of dy @ W?"),
    "decay inside the layer": ("dense", [("dy.T @ x", 'dy.T @ x + 0.1 * self.params["W"]')],
        "0.1 * W more everywhere: weight decay?"),
    "self.W": ("dense", [('self.params["W"].T', "self.W.T")], 'did you mean self.params["W"]?'),
    "undefined": ("dense", [('return dy @ self.params["W"]', "return dy @ W")], 'did you mean self.params["W"]?'),
    # -- softmax and loss
    "backward not divided": ("softmax_loss", [("(p - onehot) / len(p)", "p - onehot")], "not divided by N = 5"),
    "backward divided twice": ("softmax_loss", [("/ len(p)", "/ len(p) ** 2")], "divided by N = 5 once too often?"),
    "forward not divided": ("softmax_loss", [(" / len(labels)", "")], "5 times the right value: not divided by N = 5"),
    "softmax over the batch": ("softmax_loss", [("axis=1", "axis=0")],
        "softmax over the batch: the classes are axis 1"),
    "1 not subtracted": ("softmax_loss", [("(p - onehot)", "p")], "was 1 not subtracted at the label?"),
    "1 from all classes": ("softmax_loss", [("(p - onehot)", "(p - 1)")], "1 subtracted from every class"),
    "sign of the loss": ("softmax_loss", [("return -np", "return np")], "a wrong sign"),
    "sign of the gradient": ("softmax_loss", [("p - onehot", "onehot - p")], "a wrong sign"),
    "log10": ("softmax_loss", [("onehot * log_p", "onehot * np.log10(np.exp(log_p))")], "log10 or log2"),
    "no log": ("softmax_loss", [("onehot * log_p", "onehot * np.exp(log_p)")],
        "the mean probability: was the log forgotten?"),
    "exp of a large number": ("softmax_loss", [("logits - logits.max(axis=1, keepdims=True)", "logits")],
        "exp of a large number"),
    "one maximum for all rows": ("softmax_loss", [("logits.max(axis=1, keepdims=True)", "logits.max()")],
        "log(0), exp of a large number"),
    "keepdims": ("softmax_loss", [("logits.max(axis=1, keepdims=True)", "logits.max(axis=1)")],
        "keepdims=True in max or sum?"),
    "log of p + 1e-8": ("softmax_loss", [("np.sum(onehot * log_p)", "np.sum(onehot * np.log(np.exp(log_p) + 1e-8))")],
        "log of p + a small number"),
    # -- convolution
    "no pad": ("conv", [(SHAPE, SHAPE.replace("self.pad", "0")), (SIZES, SIZES.replace("self.pad", "0"))],
        "was the padding forgotten?"),
    "no stride": ("conv", [(SHAPE, SHAPE.replace("self.stride", "1")), (SIZES, SIZES.replace("self.stride", "1"))],
        "was the stride forgotten?"),
    "edge values": ("conv", [(OLD_PAD, OLD_PAD[:-1] + ", mode='edge')")], "padded with the values at the edge"),
    "kernel reversed": ("conv", [("window * W[fs])", "window * W[fs][:, :, ::-1, ::-1])")], "the kernel reversed"),
    "rows and columns exchanged": ("conv", [("window * W[fs])", "window * W[fs].swapaxes(2, 3))")],
        "rows and columns of the kernel"),
    "one channel": ("conv", [
        ("window = padded[:, None, cs,", "window = padded[:, None, cs][:, :, :1,"),
        ("window * W[fs])", "window * W[fs][:, :1])"),
    ], "only the first channel"),
    "no bias": ("conv", [(" + b[fs]", "")], "was b forgotten?"),
    "dx padded": ("conv", [("return dx[:, :, P : H - P, P : dx.shape[3] - P]", "return dx")],
        "still padded: cut the padding off dx"),
    "dx assigned": ("conv", [("dx[:, cs, rows, columns] +=", "dx[:, cs, rows, columns] =")], "+= in place of =?"),
    "db a mean of maps": ("conv", [("dy.sum(axis=(0, 2, 3))", "dy.mean(axis=(0, 2, 3))")], "divided by"),
    "last column missing": ("conv", [("for w in range(OW)", "for w in range(OW - 1)")],
        "the last (a range that ends too early?), it is 0 there"),
    "groups ignored": ("conv", [("cs, fs = slice(g * C // G, (g + 1) * C // G)", "cs, fs = slice(0, C // G)")],
        "wrong only in channel 3, 4, 5"),
    "float32": ("conv", [("(len(x), F, OH, OW), dtype=x.dtype", "(len(x), F, OH, OW), dtype='float32'")],
        "use np.zeros(..., dtype=x.dtype)"),
    "no 1 +": ("conv", [(SIDES, SIDES.replace("1 + ", ""))], "was the 1 + forgotten?"),
    "pad on one side": ("conv", [(SIDES, SIDES.replace("2 * P", "P"))], "is there a pad on one side only? 2 * pad"),
    "pad forgotten in the shape": ("conv", [(SIDES, SIDES.replace("+ 2 * P", ""))], "was the pad forgotten?"),
    "stride forgotten in the shape": ("conv", [(SIDES, SIDES.replace("// S", ""))], "was the stride forgotten?"),
    "channels of x": ("conv", [(SIDES, SIDES.replace("F,", "C,"))], "y has as many channels as there are kernels"),
    "H and W exchanged": ("conv", [("C, H, W = shape", "C, W, H = shape")], "H and W exchanged?"),
    "shape with N": ("conv", [(SIDES, SIDES.replace("F,", "1, F,"))], "both are without N"),
    "dW assigned": ("conv", [("dW[fs] +=", "dW[fs] =")], "the last window alone: += in place of =?"),
    "P:-P": ("conv", [(CUT, "dx[:, :, P:-P, P:-P]")], "a slice P:-P is empty where P is 0"),
    "stride forgotten in positions": ("conv", [("S * h : S * h + K, S * w : S * w + K]", "h : h + K, w : w + K]")],
        "in forward: the windows are one pixel apart: was the stride forgotten in their position?"),
    "stride forgotten in backward": ("conv", [
        ("slice(S * h, S * h + K), slice(S * w, S * w + K)", "slice(h, h + K), slice(w, w + K)"),
    ], "in backward: the windows are one pixel apart: was the stride forgotten in their position?"),
    "W forgotten in dx": ("conv", [("(d * W[fs])", "(d * np.ones_like(W[fs]))")], "was W forgotten (the chain rule)?"),
    # -- max pooling
    "search begins at 0": ("max_pool", [(".max(axis=(2, 3))", ".max(axis=(2, 3), initial=0)")],
        "0 where all of a window is negative: does the search for the largest begin at 0?"),
    "pooling without stride in backward": ("max_pool", [("S * h + i, S * w + j", "h + i, w + j")],
        "the windows are one pixel apart: was the stride forgotten in their position?"),
    "ties to all": ("max_pool", [(POSITION, VIEW), (ADD, "here += (window == window.max()) * dy[n, c, h, w]")],
        "each of several equal maxima gets dy"),
    "ties shared": ("max_pool", [
        (POSITION, VIEW),
        (ADD, "here += (window == window.max()) / (window == window.max()).sum() * dy[n, c, h, w]"),
    ], "dy is shared by equal maxima"),
    "ties to the last": ("max_pool", [("window.argmax()", "window.size - 1 - window[::-1, ::-1].argmax()")],
        "the last of several equal maxima"),
    "pooling assigned": ("max_pool", [("] += dy", "] = dy")], "assigned where windows overlap: += in place of =?"),
    "mean for maximum": ("max_pool", [(".max(axis", ".mean(axis")], "the mean in place of the maximum?"),
    "average's gradient": ("max_pool", [(POSITION, VIEW), (ADD, "here += dy[n, c, h, w] / K**2")],
        "shared by the whole window"),
    "no overlap": ("max_pool", [
        ("self.stride", "self.kernel"),
        ("self.kernel, self.kernel = kernel, stride", "self.kernel, self.stride = kernel, stride"),
    ], "the windows do not overlap"),
    # -- response normalization
    "4 neighbours": ("lrn", [("for j in window)", "for j in window if j != i)")], "4 neighbours in place of n = 5"),
    "range ends early": ("lrn", [("i + half + 1))\n            scale", "i + half))\n            scale")],
        "the window is off by one: does it end"),
    "range begins late": ("lrn", [("range(max(0, i - half)", "range(max(0, i - half + 1)")],
        "the window is off by one: does it begin"),
    "n on each side": ("lrn", [("C, half = x.shape[1], self.n // 2", "C, half = x.shape[1], self.n")],
        "n neighbours on each side"),
    "window ahead": ("lrn", [(WINDOW, "range(i, min(C, i + self.n))\n            scale")],
        "the window is not in the middle"),
    "alpha / n": ("lrn", [("self.alpha * sum", "self.alpha / self.n * sum")], "alpha divided by n"),
    "around the end": ("lrn", [
        (WINDOW, "range(i - half, i + half + 1)\n            scale"),
        ("x[:, j] ** 2", "x[:, j % C] ** 2"),
    ], "the window goes around the end"),
    "no squares": ("lrn", [("x[:, j] ** 2", "np.abs(x[:, j])")], "the values in place of their squares?"),
    "no k": ("lrn", [("= self.k + self", "= self")], "was k forgotten?"),
    "square root": ("lrn", [("x / scale**self.beta", "x / np.sqrt(scale)")],
        "the square root in place of the power beta?"),
    "no power": ("lrn", [("x / scale**self.beta", "x / scale")], "was the power beta forgotten?"),
    "multiplied": ("lrn", [("x / scale**self.beta", "x * scale**self.beta")], "multiplied by the power"),
    "first term alone": ("lrn", [("dx[:, j] -= 2 * ", "0 * ")], "the first term alone"),
    "factor 2": ("lrn", [("-= 2 * self", "-= self")], "the factor 2 of the derivative"),
    "sign of the second term": ("lrn", [("-= 2", "+= 2")], "the sign of the second term"),
    "second term alone at i": ("lrn", [("for i in range(max(0, j - half), min(C, j + half + 1)):", "for i in [j]:")],
        "the second term of the element alone"),
    "no beta": ("lrn", [("self.beta * a[:, j]", "a[:, j]")], "was beta forgotten in the second term?"),
    "power of the second term": ("lrn", [("(-self.beta - 1)", "-self.beta")], "is it -beta - 1?"),
    "sign in the power": ("lrn", [("(-self.beta - 1)", "(-self.beta + 1)")], "is it -beta - 1?"),
    "a[i] in the sum": ("lrn", [("a[:, j] * inner", "a[:, i] * inner")], "a[i] in the sum in place of a[j] before it?"),
    # -- dropout
    "not scaled": ("dropout", [("np.array(1 - self.p)", "np.array(1.0)")], "as x: in evaluation multiply by 1 - p"),
    "scaled by p": ("dropout", [("np.array(1 - self.p)", "np.array(self.p)")],
        "p is the probability of dropping, 1 - p that of keeping"),
    "inverted": ("dropout", [(".astype(x.dtype)", ".astype(x.dtype) / (1 - self.p)")], "divided by 1 - p in training"),
    "keeps with p": ("dropout", [(">= self.p", "< self.p")], "p is the probability of dropping, not of keeping"),
    "one mask for all images": ("dropout", [(DRAW, "self.rng.random(x.shape[1:])")], "one mask for all images"),
    "whole images": ("dropout", [(DRAW, "self.rng.random((len(x),) + (1,) * (x.ndim - 1))")],
        "whole images are dropped"),
    "new mask in backward": ("dropout", [
        ("return dy * self.recall()",
         "return dy * (self.rng.random(dy.shape) >= self.p) if self.training else dy * self.recall()"),
    ], "another mask than forward's"),
    "always the same mask": ("dropout", [(DRAW, "np.random.default_rng(0).random(x.shape)")],
        "the same mask in every forward"),
    "drops in evaluation": ("dropout", [("if self.training:", "if self.train:")],
        "units are dropped in evaluation too"),
    "dropout writes into x": ("dropout", [("return x * mask", "x *= mask; return x")], "forward writes into x"),
    "another generator": ("dropout", [(DRAW, "np.random.random(x.shape)")],
        "it draws from np.random; draw from self.rng"),
    "nothing dropped": ("dropout", [(">= self.p", ">= 0")], "nothing is dropped in training"),
    "dx not masked": ("dropout", [("return dy * self.recall()", "self.recall(); return dy.copy()")],
        "dx is dy everywhere"),
    # -- the update rule
    "sign of the gradient step": ("update_rule", [("v -= lr * gradient", "v += lr * gradient")],
        "the sign of the gradient"),
    "sign of the momentum": ("update_rule", [("v *= momentum", "v *= -momentum")], "the sign of the momentum"),
    "no momentum": ("update_rule", [("v *= momentum", "pass")], "was the momentum forgotten?"),
    "old v left out": ("update_rule", [("v *= momentum", "v *= 0")], "is the old v left out?"),
    "1 - momentum": ("update_rule", [("lr * gradient", "(1 - momentum) * lr * gradient")],
        "1 - momentum times the gradient"),
    "no decay": ("update_rule", [("v -= decay * lr * w", "pass")], "was the decay forgotten?"),
    "decay without the rate": ("update_rule", [("decay * lr * w", "decay * w")],
        "the decay is not multiplied by the rate"),
    "decay outside": ("update_rule", [("v -= decay * lr * w", "pass"), ("w += v", "w += v - decay * lr * w")],
        "the decay is outside of v: it belongs inside"),
    "decay outside, without the rate": ("update_rule", [
        ("v -= decay * lr * w", "pass"),
        ("w += v", "w += v - decay * w"),
    ], "outside of v, and not multiplied by the rate"),
    "sign of the decay": ("update_rule", [("v -= decay", "v += decay")], "the sign of the decay"),
    "the rate outside": ("update_rule", [
        ("decay * lr * w", "-decay * w"),
        ("v -= lr * gradient", "v += gradient"),
        ("w += v", "w -= lr * v"),
    ], "the rate is outside of v, as in PyTorch"),
    "w - v": ("update_rule", [("w += v", "w -= v")], "w - v: the minus is in v already"),
    "not in place": ("update_rule", [("w += v", "w = w + v")], "w is not moved: w + v makes a new array"),
    "returned": ("update_rule", [("v *= momentum", "v = v * momentum"), ("w += v", "return w + v, v")],
        "w and v are as before: change them in place"),
    "Nesterov": ("update_rule", [("w += v", "w += momentum * v - decay * lr * w - lr * gradient")],
        "Nesterov's step: the paper's is w + v"),
    "the rate twice": ("update_rule", [("w += v", "w += lr * v")], "w moves by lr times v: the rate is in v already"),
    "1 - momentum of v": ("update_rule", [("v *= momentum", "v *= 1 - momentum")], "1 - momentum in place of momentum"),
    "writes into the gradient": ("update_rule", [("v -= lr * gradient", "gradient *= lr; v -= gradient")],
        "descend writes into the gradient"),
}
# fmt: on


FIRST = {name: mistake for mistake, (name, *_) in reversed(MISTAKES.items())}  # of each assignment


@pytest.mark.filterwarnings("ignore::RuntimeWarning")  # exp of large numbers in a submission
@pytest.mark.parametrize("mistake", all_but(FIRST.values(), MISTAKES))
def test_the_hint_names_the_mistake(mistake, monkeypatch, tmp_path):
    monkeypatch.setattr(student, "Process", Local)
    name, changes, hint = MISTAKES[mistake]
    path = tmp_path / f"submission_{name}.py"
    path.write_text(changed(name, *changes))
    marks = grade(path, seed=0, hidden=True)
    assert not marks.passed
    assert hint in str(marks)
