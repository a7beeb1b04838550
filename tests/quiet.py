"""What commands say of their own accord, without the lines that tell how long they have been at it already."""

import re


def without_progress(said):
    return "".join(line for line in said.splitlines(keepends=True) if not re.search(r", after \d+ s$", line.rstrip()))
