"""Reflection in turns: each image in every second epoch, from a side that is drawn once."""

import numpy as np

from minialex.data.augmentation import AlternatingReflection, Augmentation, RandomReflection, RandomShift

ALL = np.arange(200)
IMAGES = np.random.default_rng(0).standard_normal((200, 3, 4, 5), dtype=np.float32)


def sides(number, *, seed=1, images=200, steps=(AlternatingReflection(),)):
    """Return which images are reflected in an epoch; each must be as it was, or reflected."""
    y = Augmentation(list(steps), seed=seed).epoch(number, images).apply(IMAGES[:images], ALL[:images])
    reflected = np.array([np.array_equal(a, b[..., ::-1]) for a, b in zip(y, IMAGES, strict=False)])
    same = np.array([np.array_equal(a, b) for a, b in zip(y, IMAGES, strict=False)])
    assert (reflected != same).all()
    return reflected


def test_every_image_shows_its_other_side_in_the_next_epoch():
    one, two, three = (sides(number) for number in (1, 2, 3))
    np.testing.assert_array_equal(one, ~two)
    np.testing.assert_array_equal(one, three)
    at_random = [sides(number, steps=[RandomReflection()]) for number in (1, 2)]
    assert 60 < np.sum(at_random[0] == at_random[1]) < 140


def test_half_of_the_images_begin_reflected_and_the_seed_decides_which():
    assert 70 < sides(1).sum() < 130
    np.testing.assert_array_equal(sides(1), sides(1))
    assert 60 < np.sum(sides(1) == sides(1, seed=2)) < 140


def test_a_resumed_run_and_a_smaller_set_see_the_same_sides():
    steps = [AlternatingReflection()]
    used = Augmentation(steps, seed=1)
    before = [used.epoch(number, 200).apply(IMAGES, ALL) for number in (1, 2, 3)]
    new = Augmentation(steps, seed=1)  # no epoch before the third was drawn from it
    np.testing.assert_array_equal(new.epoch(3, 200).apply(IMAGES, ALL), before[2])
    np.testing.assert_array_equal(sides(3, images=20), sides(3)[:20])


def test_steps_before_it_still_draw_anew_in_every_epoch():
    steps = [RandomShift(2), AlternatingReflection()]
    rows = [Augmentation(steps, seed=1).epoch(number, 50).rows for number in (1, 3)]
    assert not np.array_equal(rows[0][0], rows[1][0])
    np.testing.assert_array_equal(rows[0][1], rows[1][1])


def test_by_hand():
    x = np.arange(3, dtype=np.float32).reshape(1, 1, 1, 3)
    step = AlternatingReflection()
    first = step.draw(np.random.default_rng(0), 1)[0, 0] < 0.5
    for epoch in (0, 1, 2, 5):
        y = step.apply(x, step.rows(lambda number: np.random.default_rng(number), epoch, 1))
        assert y.ravel().tolist() == ([2, 1, 0] if first ^ epoch % 2 else [0, 1, 2])
