"""Our docstrings as reStructuredText: formulas as they are, and Shapes, Args, Errors and Source as fields."""

import re
import textwrap

FIELD = re.compile(r"(Shapes|Args|Errors|Source):\s+(.*)")


def setup(app) -> dict:
    app.connect("autodoc-process-docstring", lambda app, what, name, obj, options, lines: rewrite(lines))
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def rewrite(lines: list[str]) -> None:
    """Replace the lines of a docstring by reStructuredText, in place."""
    text = re.sub(r"\n(?=(?:Shapes|Args):)", "\n\n", "\n".join(lines).strip("\n"))  # fields may follow a text at once
    paragraphs = re.split(r"\n\s*\n", text)
    lines[:] = "\n\n".join(as_rest(paragraph) for paragraph in paragraphs).splitlines()
    lines.append("")


def as_rest(paragraph: str) -> str:
    """Return one paragraph: a doctest or an indented formula as it is, fields as a list, other text escaped."""
    if paragraph.startswith(("    ", ">>>")):
        language = "none" if paragraph.startswith(" ") else "python"
        return f".. code-block:: {language}\n\n" + textwrap.indent(textwrap.dedent(paragraph), "    ")
    if FIELD.match(paragraph):
        return "\n".join(f":{name}: {text}" for name, text in fields(paragraph))
    return escaped(paragraph)


def fields(paragraph: str) -> list[tuple[str, str]]:
    """Return the fields of a paragraph: each begins with its name, and its other lines are indented."""
    found: list[tuple[str, list[str]]] = []
    for line in paragraph.splitlines():
        begins = FIELD.match(line)
        if begins:
            found.append((begins[1], [begins[2]]))
        else:
            found[-1][1].append(line.strip())
    return [(name, escaped(" ".join(text))) for name, text in found]


def escaped(text: str) -> str:
    """Return text whose backticks mark code, and in which nothing else is markup."""
    parts = re.split(r"(`[^`\n]+`)", text)
    plain = (re.sub(r"([\\*_|`])", r"\\\1", part) if i % 2 == 0 else f"`{part}`" for i, part in enumerate(parts))
    return "".join(plain)
