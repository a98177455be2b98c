"""A Picture that moves: an animated PNG, which browsers play and print shows as one still."""

import io
from collections.abc import Callable, Iterator, Sequence

import numpy as np
from matplotlib.artist import Artist
from matplotlib.backends.backend_agg import FigureCanvasAgg

from minialex.plots.figure import Picture, render, text_alternative


class Film(Picture):
    """A Picture with frames: as a PNG it is animated, its still is the last frame; other formats have the still only.

    `play` sets the frames: their number, the artists that move, and a function that moves them to frame i.
    """

    frames = 1
    seconds = 0.5  # each; the last one stays longer

    def play(self, frames: int, moving: Sequence[Artist], move: Callable[[int], None]) -> None:
        """Set the frames; artists that do not move are drawn once."""
        self.frames, self.moving, self.move = frames, tuple(moving), move
        for artist in moving:
            artist.set_animated(True)
        move(frames - 1)

    def encoded(self, form: str) -> bytes:
        return animated(self) if form == "png" and self.frames > 1 else render(self, form)


def animated(film: Film) -> bytes:
    """Return a film as the bytes of an animated PNG, whose still is the last frame."""
    from PIL import Image, PngImagePlugin

    still, *pictures = map(Image.fromarray, (frames := list(drawn_frames(film)))[-1:] + frames)
    description = PngImagePlugin.PngInfo()
    description.add_text("Description", text_alternative(film))
    milliseconds = round(1000 * film.seconds)
    durations = [milliseconds] * (film.frames - 1) + [5 * milliseconds]
    memory = io.BytesIO()
    still.save(
        memory, "PNG", save_all=True, default_image=True, append_images=pictures, duration=durations, loop=0,
        pnginfo=description,
    )  # fmt: skip
    return memory.getvalue()


def drawn_frames(film: Film) -> Iterator[np.ndarray]:
    """Yield each frame, uint8 (H, W, 3): what does not move is drawn once, what moves on top of a copy of it."""
    canvas = FigureCanvasAgg(film)
    canvas.draw()
    background = canvas.copy_from_bbox(film.bbox)
    for i in range(film.frames):
        canvas.restore_region(background)
        film.move(i)
        for artist in film.moving:
            artist.axes.draw_artist(artist)  # type: ignore[union-attr]
        yield np.asarray(canvas.buffer_rgba())[..., :3].copy()
