"""Text from a submission, made harmless: one line, no control characters, which could forge lines of a table."""

LONGEST = 400  # characters


def plain(text: object) -> str:
    """Return a text in one line, its unprintable characters replaced, its end cut off."""
    line = " ".join(str(text)[: 4 * LONGEST].split())
    line = "".join(character if character.isprintable() else "?" for character in line)
    return line if len(line) <= LONGEST else f"{line[: LONGEST - 3]}..."
