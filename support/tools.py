"""Programs and packages that softgate calls but does not itself contain."""

import re
import shutil

from .exceptions import SoftgateError


class ToolError(SoftgateError, RuntimeError):
    """A tool refused what it was given, or could not be run; the message is for the user."""


class MissingToolError(ToolError):
    """A tool that is needed here is not installed.

    Attributes:
        tool: what was looked for.
        package: what to install to get it.

    """

    def __init__(self, tool: str, package: str) -> None:
        super().__init__(f"{tool} was not found: install {package}.")
        self.tool = tool
        self.package = package

    def __reduce__(self) -> tuple[type, tuple[str, str]]:
        # Pickled for another process by what it was made of, not by the message that came of it.
        return type(self), (self.tool, self.package)


def require_program(name: str, package: str) -> str:
    """Return the path of the program `name`, which Debian's `package` provides."""
    path = shutil.which(name)
    if path is None:
        raise MissingToolError(name, f"the package {package} (on Debian: apt install {package})")
    return path


def complaint(stderr: str) -> str:
    """Return the line in which a program says what is wrong: its error, or else the last thing it said."""
    errors = re.findall(r"^.*\bERROR: .*$", stderr, re.MULTILINE)
    lines: list[str] = errors or stderr.strip().splitlines()
    return lines[-1] if lines else ""
