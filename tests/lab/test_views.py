"""Views of an image, averaged."""

import numpy as np

from minialex.data import Split, ten_views
from minialex.devices import host
from minialex.lab import views as lab
from minialex.lab.averaging import averaged
from minialex.layers.softmax import softmax
from minialex.training import evaluate


def net_and_images():
    rng = np.random.default_rng(0)
    net = lab.cropped_net(rng=rng, classes=10, image_size=32, channels=3).eval()
    net.input_mean, net.input_std = np.full((3, 1, 1), 100, "f4"), 50.0
    return net, Split(rng.integers(0, 256, (30, 3, 32, 32), dtype=np.uint8), rng.integers(0, 10, 30))


def test_the_ways_are_evaluations_with_one_view_and_with_ten():
    net, split = net_and_images()
    p = lab.of_views(net, split)
    assert p.shape == (10, 30, 10)
    for way, views in ((lab.CENTRE, 1), ("ten views", 10)):
        expected = evaluate(net, split, views=views, crop=lab.CROP)
        got = averaged(p, lab.WAYS[way][0], split.labels)
        assert got["top1"] == expected["top1_error"]
        np.testing.assert_allclose(got["loss"], expected["loss"], rtol=1e-5)


def test_the_centre_and_its_reflection_are_where_they_are_said_to_be():
    net, split = net_and_images()
    p = lab.of_views(net, split)
    x = (split.images - net.input_mean) / net.input_std
    centre = x[:, :, 2:30, 2:30]
    one, two = (softmax(np, host.put(net.forward(np.ascontiguousarray(v)))) for v in (centre, centre[..., ::-1]))
    np.testing.assert_allclose(p[list(lab.WAYS["the centre and its reflection"][0])], [one, two], rtol=1e-4)
    corner = next(ten_views(x.astype("f4"), lab.CROP))
    np.testing.assert_allclose(p[0], softmax(np, host.put(net.forward(corner))), rtol=1e-4)


def test_differences_are_paired():
    """Two nets of errors 1/2 and 0 with the centre, and 1/2 more with ten views: the difference has no spread."""
    right, wrong = [0.9, 0.1], [0.1, 0.9]
    labels = np.array([0, 0])

    def views(centre, others):
        return np.array([centre if view == 4 else others for view in range(10)])

    p = [views([right, wrong], [wrong, wrong]), views([right, right], [right, wrong])]
    lines = {line.split(" | ")[0]: line for line in lab.views_table(p, labels, 0.1).splitlines()}
    assert "| 25.00 ± 25.00 |  | 39.0 / 18.3 |" in lines["| the centre"]
    assert "| 75.00 ± 25.00 | +50.00 ± 0.00 | 37.5 / 17.0 |" in lines["| ten views"]


def test_the_search_for_a_rate_reads_the_central_views():
    net, split = net_and_images()
    assert lab.ENTRY.measured(net, split, split, [])["val_error"] == evaluate(net, split, crop=lab.CROP)["top1_error"]
