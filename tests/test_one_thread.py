"""A net belongs to the thread that trains it: another one is refused, and never given wrong gradients."""

import copy
import os
import pickle
import threading

import numpy as np
import pytest

from minialex import Host, Sequential
from minialex.layers import Dense, Dropout, ReLU, SoftmaxCrossEntropy
from minialex.parallel import Groups, Replicas
from minialex.training import SGD

X = np.random.default_rng(1).standard_normal((8, 20)).astype("float32")
LABELS = np.arange(8) % 3


def a_net():
    rng = np.random.default_rng(0)
    return Sequential(
        first=Sequential(fc=Dense(20, 30, rng=rng), relu=ReLU()), drop=Dropout(rng=rng), out=Dense(30, 3, rng=rng)
    )


def step(net, sgd):
    head = SoftmaxCrossEntropy()
    loss = head.forward(net.forward(X), LABELS)
    net.backward(head.backward())
    sgd.step()
    return loss


def in_thread(work):
    """Return what `work()` returns or raises in another thread, which stays alive meanwhile."""
    got, end = [], threading.Event()

    def run():
        try:
            got.append(work())
        except Exception as error:
            got.append(error)
        done.set()
        end.wait()

    done, thread = threading.Event(), threading.Thread(target=run, name="other")
    thread.start()
    done.wait()
    return got[0], end, thread


@pytest.fixture
def other():
    """A function that calls another in a thread which lives until the end of the test."""
    ends = []

    def call(work):
        result, end, thread = in_thread(work)
        ends.append((end, thread))
        return result

    yield call
    for end, thread in ends:
        end.set()
        thread.join()


def test_a_backward_after_another_threads_forward_is_refused(other):
    net = a_net()
    y = net.forward(X)
    other(lambda: net.forward(X))
    with pytest.raises(RuntimeError, match=r"Sequential: expected backward in one thread, got another, other, which"):
        net.backward(y)
    assert other(lambda: None) is None


@pytest.mark.parametrize("doing", ["forward", "backward", "train", "eval", "step"])
def test_a_net_that_another_thread_computes_with_is_refused(doing, other):
    net = a_net()
    sgd = SGD(net, 0.1)
    entered, leave = threading.Event(), threading.Event()

    class Slow(ReLU):
        def forward(self, x):
            entered.set()
            leave.wait()
            return super().forward(x)

    net.replace("first.relu", Slow())
    thread = threading.Thread(target=net.forward, args=(X,), name="slow one")
    thread.start()
    entered.wait()
    uses = {"forward": lambda: net.forward(X), "backward": lambda: net.backward(X), "train": net.train,
            "eval": net.eval, "step": sgd.step}  # fmt: skip
    try:
        with pytest.raises(RuntimeError, match=rf"{doing} in one thread, got another, slow one, which comp"):
            uses[doing]()
    finally:
        leave.set()
        thread.join()
    step(net, sgd)  # the other thread has ended


def test_an_update_with_another_threads_gradients_is_refused(other):
    net = a_net()
    sgd = SGD(net, 0.1)
    before = step(net, sgd)
    other(lambda: step(net, SGD(net, 0.1)))
    state = net.state()
    with pytest.raises(RuntimeError, match="expected step in one thread"):
        sgd.step()
    for name, value in net.state().items():
        np.testing.assert_array_equal(value, state[name])
    assert step(net, sgd) < before  # a forward makes the net this thread's again


def test_a_forward_in_evaluation_mode_between_forward_and_backward_is_noticed(other):
    net = a_net()
    y = net.forward(X)
    other(lambda: net.eval().forward(X))
    with pytest.raises(RuntimeError, match="expected backward in one thread"):
        net.train().backward(y)


def test_several_threads_may_evaluate_at_once():
    net = a_net().eval()
    expected, got = net.forward(X), []
    threads = [threading.Thread(target=lambda: got.append(net.forward(X))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(got) == 8
    assert all(np.array_equal(y, expected) for y in got)


def test_copies_may_be_trained_in_different_threads(other):
    net = a_net()
    losses = [step(net, SGD(net, 0.1))]
    for copied in (copy.deepcopy(a_net()), pickle.loads(pickle.dumps(a_net()))):
        losses.append(other(lambda copied=copied: step(copied, SGD(copied, 0.1))))
    assert losses[0] == losses[1] == losses[2]


def test_one_thread_after_another_may_train_a_net():
    net = a_net()
    sgd, losses = SGD(net, 0.1), []
    for _ in range(3):
        thread = threading.Thread(target=lambda: losses.append(step(net, sgd)))
        thread.start()
        thread.join()
    losses.append(step(net, sgd))
    assert len(losses) == 4


def test_the_threads_of_groups_and_replicas_are_the_nets_own():
    devices = [Host(workers=1) for _ in range(3)]
    groups = Groups(devices, lambda: Sequential(fc=Dense(20, 5, rng=np.random.default_rng(0))))
    replicas = Replicas(a_net(), devices)
    for _ in range(20):
        groups.backward(groups.forward((X, X, X)))
        replicas.backward(replicas.forward(X))


def test_two_threads_never_get_wrong_gradients_without_an_error():
    """Every update that is not refused begins with the gradients of its own thread.

    Where the other thread has ended, it is no reason to refuse: what is missing is then a forward.
    """
    shared, sums, errors = a_net(), [], []
    reference = a_net()
    for net in (shared, reference):
        net.replace("drop", ReLU())
    head = SoftmaxCrossEntropy()
    head.forward(reference.forward(X), LABELS)
    reference.backward(head.backward())
    right = reference["out"].grads["W"].copy()

    def train():
        own = SoftmaxCrossEntropy()
        for _ in range(200):
            try:
                own.forward(shared.forward(X), LABELS)
                shared.backward(own.backward())
                with shared.in_use.held("net", "step"):
                    sums.append(np.array_equal(shared["out"].grads["W"], right))
            except RuntimeError as error:
                errors.append(str(error))

    threads = [threading.Thread(target=train) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(sums)
    assert all("in one thread, got another" in error or "call forward first" in error for error in errors)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system does not fork")
@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
def test_a_use_by_a_thread_that_a_fork_left_behind_does_not_count():
    net = a_net()
    net.in_use.inside["thread"] = 1
    net.in_use.owner = 2
    step(net, SGD(net, 0.1))
