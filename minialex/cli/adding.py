"""A command of the command line, or one under it."""

import argparse

from minialex.cli.examples import EXAMPLES


def adding(
    verbs, name: str, text: str, file: str | None = None, *, function: str | None = None, examples: str | None = None
) -> argparse.ArgumentParser:
    """Add a command, or one under it, with its help, its examples and the file of its function.

    Args:   function, its name where it is not the command's; examples, where EXAMPLES has none.
    """
    p = verbs.add_parser(
        name, help=text, description=f"{text[0].upper()}{text[1:]}.",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )  # fmt: skip
    full_name = p.prog.removeprefix("minialex ")
    p.epilog = f"examples:{EXAMPLES[full_name] if examples is None else examples}"
    if file is not None:
        p.set_defaults(
            command=(f"minialex.cli.{file}_commands", function or name.replace("-", "_")), name=full_name, parser=p
        )
        p.add_argument("--debug", action="store_true", help="show the traceback of a failure")
    return p
