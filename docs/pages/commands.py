"""The command line: every command's help, as the terminal shows it."""

import argparse

from minialex.cli import Parser
from minialex.cli.arguments import add_commands


def pages() -> dict[str, str]:
    """Return the page by its path."""
    top = Parser(prog="minialex")
    add_commands(top)
    parts = ["# The command line\n", "Every command shows this text with `--help`.\n"]
    parts += [f"## `{parser.prog}`\n\n```text\n{parser.format_help()}```\n" for parser in leaves(top)]
    return {"commands.md": "\n".join(parts)}


def leaves(parser: argparse.ArgumentParser) -> list[argparse.ArgumentParser]:
    """Return the parsers of all commands, those of `minialex data get` and the like too."""
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            return [leaf for one in action.choices.values() for leaf in leaves(one)]
    return [parser]
