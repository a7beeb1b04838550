"""External programs and packages, and the errors when they fail or are missing."""

import re
import shutil

from .exceptions import SoftgateError


class ToolError(SoftgateError, RuntimeError):
    """A tool that rejected its input or could not be run; the message is for the user."""


class MissingToolError(ToolError):
    """A required tool that is not installed.

    Attributes:
        tool: the name of the tool.
        package: the package to install.

    """

    def __init__(self, tool: str, package: str) -> None:
        super().__init__(f"{tool} was not found: install {package}.")
        self.tool = tool
        self.package = package

    def __reduce__(self) -> tuple[type, tuple[str, str]]:
        # Pickled by its two arguments: the default would pass the finished message as the first of them.
        return type(self), (self.tool, self.package)


def require_program(name: str, package: str) -> str:
    """Return the path of the program `name`, which Debian's `package` provides."""
    path = shutil.which(name)
    if path is None:
        raise MissingToolError(name, f"the package {package} (on Debian: apt install {package})")
    return path


def complaint(stderr: str) -> str:
    """Return the line of a program's output that states the error, or else its last line."""
    errors = re.findall(r"^.*\bERROR: .*$", stderr, re.MULTILINE)
    lines: list[str] = errors or stderr.strip().splitlines()
    return lines[-1] if lines else ""
