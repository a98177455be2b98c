"""Checks of net.py: a small AlexNet of two groups, put together from the library's layers."""

import pytest

from minialex import layers
from minialex.gradcases import Maker
from minialex.grading.net_checks import check_inside, check_parameters
from minialex.grading.setting import Setting
from minialex.models import small_alexnet

ALSO = ("minialex.layers.", "minialex.parallel.")


class Net(Maker):
    """Our net, made of the textbook's layers."""

    def __init__(self):
        super().__init__("net", training=False)
        self.draws = True

    def __call__(self, rng, kit=layers):
        return small_alexnet(rng=rng, kit=kit).eval()


NET = Setting("two images", Net(), (2, 3, 32, 32), initial=True)


@pytest.mark.points(2)
def test_layers(student):
    check_inside(student.layer(NET.make), NET.make(student.rng("net")))


@pytest.mark.points(2)
def test_parameters(student):
    check_parameters(student.layer(NET.make), NET.make(student.rng("net")))


@pytest.mark.points(2)
def test_logits(student):
    student.check(NET, "y")


@pytest.mark.points(1)
@pytest.mark.parametrize("name", ["fc8.W", "fc6.b.fc6.W", "upper.a.conv3.W", "lower.b.conv2.W", "lower.a.conv1.W"])
def test_gradient(student, name):
    student.check(NET, name)


@pytest.mark.points(1)
@pytest.mark.hidden
@pytest.mark.parametrize("name", ["upper.b.conv5.b", "fc7.a.fc7.W"])
def test_other_gradient(student, name):
    student.check(NET, name)
