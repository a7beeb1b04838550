"""Putting the page together: data, style and program go into one HTML file."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from html import escape
from importlib import resources
from string import Template
from typing import Any

__all__ = ["build_page"]

_IMPORT = re.compile(r'^import\s[^;]*?from "\./(\w+)\.js";\n', re.MULTILINE)
_EXPORT = re.compile(r"^export ", re.MULTILINE)


def build_page(data: Mapping[str, Any]) -> str:
    """Return the page that shows what `report_data` returned.

    The same data make the same page. It asks no network for anything, and its own policy would not let it.
    """
    return Template(_source("page.html")).substitute(
        title=escape(data["title"]), style=_source("style.css"), data=_embedded(data), program=_bundled()
    )


def _source(name: str) -> str:
    return resources.files(__package__).joinpath(name).read_text(encoding="utf-8")


def _embedded(data: Mapping[str, Any]) -> str:
    """Return JSON that is safe inside a script element: nothing in it ends the element or begins a comment."""
    return json.dumps(data, ensure_ascii=False, allow_nan=False, separators=(",", ":")).replace("<", "\\u003c")


def _bundled() -> str:
    """Return the modules as one: each after those that it imports, all names being different."""
    modules: dict[str, str] = {}

    def add(name: str) -> None:
        if name in modules:
            return
        source = _source(f"{name}.js")
        for imported in _IMPORT.findall(source):
            add(imported)
        modules[name] = _EXPORT.sub("", _IMPORT.sub("", source)).strip()

    add("main")
    return "\n\n".join(modules.values())
