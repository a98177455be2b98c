"""Images with bars for their most probable labels."""

import numpy as np
import pytest
from matplotlib.colors import same_color

from minialex.plots import predictions
from minialex.plots.style import PALE_BLUE, PALE_ORANGE, SMALL, percent, shorten, width

NAMES = [f"class {k}" for k in range(10)]


def example(count, classes=10, seed=0):
    rng = np.random.default_rng(seed)
    images = rng.integers(0, 256, (count, 3, 8, 8), np.uint8)
    return images, rng.dirichlet(np.ones(classes), count)


def cells(figure):
    """Return (the image's axes, the bars' axes) for each image."""
    return list(zip(figure.axes[::2], figure.axes[1::2], strict=True))


def test_bars_are_the_largest_probabilities_in_descending_order():
    images, probabilities = example(3)
    for i, (_, bars) in enumerate(cells(predictions(images, probabilities, NAMES))):
        order = np.argsort(probabilities[i])[::-1][:5]
        rows = sorted(bars.patches, key=lambda bar: -bar.get_window_extent().y0)  # from the top of the page
        np.testing.assert_allclose([bar.get_width() for bar in rows], probabilities[i, order])
        texts = [text.get_text() for text in bars.texts]
        assert texts[::2] == [NAMES[k] for k in order]
        assert texts[1::2] == [percent(probabilities[i, k]) for k in order]
        assert bars.get_xlim() == (0, 1)


def test_the_true_label_is_orange_and_written_below_its_image():
    images, probabilities = example(4)
    order = np.argsort(-probabilities)
    labels = [order[0, 0], order[1, 1], order[2, 4], order[3, 9]]  # first, second, fifth, not among the five
    drawn = cells(predictions(images, probabilities, NAMES, labels))
    for (picture, bars), label, rank in zip(drawn, labels, (0, 1, 4, None), strict=True):
        for row, bar in enumerate(bars.patches):
            assert same_color(bar.get_facecolor(), PALE_ORANGE if row == rank else PALE_BLUE)
        assert picture.texts[0].get_text() == NAMES[label]


def test_without_labels_no_bar_is_orange():
    images, probabilities = example(2)
    for picture, bars in cells(predictions(images, probabilities, NAMES)):
        assert picture.texts[0].get_text() == ""
        assert all(same_color(bar.get_facecolor(), PALE_BLUE) for bar in bars.patches)


def test_the_image_is_the_one_given():
    images, probabilities = example(2)
    for i, (picture, _) in enumerate(cells(predictions(images, probabilities, NAMES))):
        np.testing.assert_array_equal(picture.images[0].get_array(), images[i].transpose(1, 2, 0))


@pytest.mark.parametrize(("count", "columns", "rows"), [(1, 1, 1), (3, 3, 1), (8, 4, 2), (10, 4, 3), (32, 6, 6)])
def test_the_layout(count, columns, rows):
    pictures = [picture for picture, _ in cells(predictions(*example(count), NAMES))]
    assert len(pictures) == count
    boxes = [picture.get_position() for picture in pictures]
    assert len({round(box.x0, 3) for box in boxes}) == columns
    assert len({round(box.y0, 3) for box in boxes}) == rows
    assert pictures[0].figure.bbox.width <= 900


def test_long_names_are_cut_to_the_width_of_their_bars():
    images, probabilities = example(8)
    classes = ["great white shark, man-eater, Carcharodon carcharias", "W" * 60, "$x$ _ \\", "", "a\nb"] * 2
    figure = predictions(images, probabilities, classes, [0] * 8)
    figure.canvas.draw()
    for picture, bars in cells(figure):
        right = bars.bbox.x1
        names, percentages = bars.texts[::2], bars.texts[1::2]
        assert all(name.get_window_extent().x1 <= right for name in names)
        assert all(text.get_window_extent().x0 >= right for text in percentages)
        assert picture.texts[0].get_window_extent().width <= right - bars.bbox.x0 + 36
        assert picture.texts[0].get_window_extent().y0 > bars.bbox.y1


def test_shorten():
    assert shorten("cat", 100, SMALL) == "cat"
    assert shorten("two\n lines", 100, SMALL) == "two lines"
    short = shorten("great white shark, man-eater", 90, SMALL)
    assert short.endswith("…")
    assert width(short, SMALL) <= 90 < width(short[:-1] + "xx…", SMALL)
    assert shorten(7, 100, SMALL) == "7"


def test_percent():
    assert [percent(p) for p in (0, 0.009, 0.01, 0.126, 1)] == ["0 %", "<1 %", "1 %", "13 %", "100 %"]


def test_fewer_classes_than_bars_and_a_thousand_classes():
    figure = predictions(*example(1, 2), ["cat", "dog"])
    assert len(figure.axes[1].patches) == 2
    figure = predictions(*example(1, 1000), range(1000), np.array([3]), top=3)
    assert len(figure.axes[1].patches) == 3


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"images": np.zeros((2, 3, 8, 8))}, "images must be uint8.*not float64"),
        ({"images": np.zeros((2, 8, 8, 3), np.uint8)}, "images must be"),
        ({"images": np.zeros((33, 3, 8, 8), np.uint8)}, "N from 1 to 32"),
        ({"images": np.zeros((0, 3, 8, 8), np.uint8)}, "N from 1 to 32"),
        ({"classes": NAMES[:9]}, r"probabilities must be \(images, classes\) = \(2, 9\)"),
        ({"probabilities": np.full((2, 10), 3.0)}, "apply Softmax"),
        ({"probabilities": np.full((2, 10), np.nan)}, "apply Softmax"),
        ({"labels": [1]}, "labels must be 2 class indices from 0 to 9"),
        ({"labels": [1, 10]}, "labels must be"),
        ({"labels": [1, -1]}, "labels must be"),
        ({"top": 0}, "top must be at least 1"),
    ],
)
def test_input_that_cannot_be_drawn_is_refused(change, message):
    images, probabilities = example(2)
    with pytest.raises(ValueError, match=message):
        predictions(**{"images": images, "probabilities": probabilities, "classes": NAMES} | change)


def test_the_title():
    figure = predictions(*example(4), NAMES, title="a net on pets, validation error 3.0%")
    assert [text.get_text() for text in figure.texts] == ["a net on pets, validation error 3.0%"]
    assert figure.texts[0].get_window_extent().y0 > figure.axes[0].bbox.y1
