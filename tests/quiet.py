"""The messages of commands without their lines of progress."""

import re


def without_progress(said):
    return "".join(line for line in said.splitlines(keepends=True) if not re.search(r", after \d+ s$", line.rstrip()))
