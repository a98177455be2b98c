"""The drawing of the images of `shapes`: Pillow draws the outlines, NumPy fills them with stripes.

Lengths are fractions of the image's side, so that any size shows the same picture.
"""

import colorsys
import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np


class Kind(NamedTuple):
    """The features of a class: colour, outline and orientation of the stripes."""

    colour: str
    outline: str
    stripes: str


HUES = {"red": 0.0, "blue": 0.6, "green": 0.36}  # fractions of the colour circle
ACROSS = {"level": 90, "upright": 0, "rising": 45, "falling": 135}  # degrees, at right angles to the stripes
CORNERS = {"triangle": (-90, 30, 150), "square": (45, 135, 225, 315)}  # degrees, clockwise from the right

RANGES = {  # uniform random values of each image
    "diameter":   (0.64, 0.92),
    "right":      (-0.45, 0.45),  # of the room that the diameter leaves
    "down":       (-0.45, 0.45),
    "tilt":       (-12, 12),      # of the outline, degrees
    "turn":       (-10, 10),      # of the stripes, degrees
    "period":     (0.15, 0.22),   # of the stripes
    "phase":      (0, 1),         # in periods
    "hue":        (-0.03, 0.03),
    "saturation": (0.75, 1.0),
    "brightness": (0.75, 1.0),
    "pale":       (0, 1),         # above one half, every other stripe is pale; else dark
}  # fmt: skip
PATCHES = 4  # random colours along each side of the background
NOISE = 12.0  # standard deviation of the noise on every pixel, of 255
FINE = 4  # outlines are drawn larger by this factor, then averaged: smooth edges


def draw_images(kinds: Sequence[Kind], rngs: Sequence[np.random.Generator], size: int) -> np.ndarray:
    """Draw one image of each kind, each with its own generator: float32 (n, 3, size, size), 0 to 255."""
    looks = [choose_look(rng) for rng in rngs]  # before what depends on the size
    pairs = list(zip(kinds, looks, strict=True))
    ground = np.stack([background(rng, size) for rng in rngs])
    noise = np.stack([rng.standard_normal((3, size, size), dtype=np.float32) for rng in rngs])
    inside = np.stack([outline(kind, look, size) for kind, look in pairs])[:, None]
    colours = np.array([two_colours(kind, look) for kind, look in pairs], dtype=np.float32)[..., None, None]
    paint = blend(stripes(pairs, size)[:, None], colours[:, 0], colours[:, 1])
    return np.clip(blend(inside, paint, ground) + NOISE * noise, 0, 255)


def blend(alpha: np.ndarray, top: np.ndarray, bottom: np.ndarray) -> np.ndarray:
    """Return alpha * top + (1 - alpha) * bottom."""
    return bottom + alpha * (top - bottom)


def choose_look(rng: np.random.Generator) -> dict[str, float]:
    """Draw one value from each of RANGES."""
    draws = zip(RANGES.items(), rng.random(len(RANGES)).tolist(), strict=True)
    return {name: low + (high - low) * draw for (name, (low, high)), draw in draws}


def background(rng: np.random.Generator, size: int) -> np.ndarray:
    """Return patches of random colours with smooth transitions: (3, size, size)."""
    from PIL import Image  # here, so that `import minialex.data` stays light

    patches = rng.integers(64, 192, size=(PATCHES, PATCHES, 3), dtype=np.uint8)
    ground = Image.fromarray(patches).resize((size, size), Image.Resampling.BICUBIC)
    return np.asarray(ground).transpose(2, 0, 1).astype(np.float32)


def outline(kind: Kind, look: dict[str, float], size: int) -> np.ndarray:
    """Return 1 inside the disc, triangle or square, 0 outside, a value between on the edge: (size, size)."""
    from PIL import Image, ImageDraw

    scale = size * FINE
    canvas = Image.new("L", (scale, scale))
    draw = getattr(ImageDraw.Draw(canvas), "ellipse" if kind.outline == "disc" else "polygon")
    draw([(scale * right, scale * down) for right, down in corners(kind, look)], fill=255)
    return np.asarray(canvas.reduce(FINE)).astype(np.float32) / 255


def corners(kind: Kind, look: dict[str, float]) -> list[tuple[float, float]]:
    """Return the corners (right, down) of a triangle or square; of a disc, two corners of the square around it."""
    radius = look["diameter"] / 2
    x, y = (0.5 + look[way] * (1 - look["diameter"]) for way in ("right", "down"))
    if kind.outline == "disc":
        return [(x - radius, y - radius), (x + radius, y + radius)]
    radius *= 1.2  # corners reach further than a disc, so that the areas are alike
    angles = [math.radians(corner + look["tilt"]) for corner in CORNERS[kind.outline]]
    return [(x + radius * math.cos(angle), y + radius * math.sin(angle)) for angle in angles]


def stripes(pairs: list[tuple[Kind, dict[str, float]]], size: int) -> np.ndarray:
    """Return 1 on one stripe, 0 on the next, with soft edges: (n, size, size)."""
    angle = np.radians([ACROSS[kind.stripes] + look["turn"] for kind, look in pairs])
    period, phase = (np.array([look[name] for _, look in pairs])[:, None] for name in ("period", "phase"))
    middles = (np.arange(size) + 0.5) / size
    right = np.cos(angle)[:, None] * middles / period + phase  # in periods
    down = np.sin(angle)[:, None] * middles / period
    periods = (right[:, None, :] + down[:, :, None]).astype(np.float32)
    return np.clip(0.5 + 1.2 * np.sin(2 * np.pi * periods), 0, 1)


def two_colours(kind: Kind, look: dict[str, float]) -> list[tuple[float, ...]]:
    """Return the colour of the stripes, and that of the spaces between them: the same hue, pale or dark."""
    hue = (HUES[kind.colour] + look["hue"]) % 1
    saturation, brightness = (0.25, 1.0) if look["pale"] > 0.5 else (0.9, 0.28)
    stripe = colorsys.hsv_to_rgb(hue, look["saturation"], look["brightness"])
    space = colorsys.hsv_to_rgb(hue, saturation, brightness)
    return [tuple(255 * part for part in colour) for colour in (stripe, space)]
