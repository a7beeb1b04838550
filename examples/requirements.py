"""Packages that examples need beyond those of softgate."""

import argparse
from importlib.util import find_spec


def require(parser: argparse.ArgumentParser, *modules: str, install: str) -> None:
    """End the command with a sentence and exit code 2, unless all these modules are installed.

    Parameters
    ----------
    parser
        The command, which prints the sentence.
    modules
        Names as they are imported.
    install
        The command that installs them.

    """
    missing = [module for module in modules if find_spec(module) is None]
    if missing:
        parser.error(f"this example needs {' and '.join(missing)}; in a checkout: {install}")
