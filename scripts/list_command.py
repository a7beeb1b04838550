"""``softgate list``."""

from __future__ import annotations

from typing import Any

import click

from .common import console, json_option, print_json

__all__ = ["command"]


@click.command(name="list")
@click.argument("kind", type=click.Choice(["functions", "methods", "interfaces", "targets"]))
@json_option
def command(kind: str, as_json: bool) -> None:
    """Show the functions, methods, interfaces or targets there are, with parameters, defaults and aliases."""
    listings = {"functions": _functions, "methods": _methods, "interfaces": _interfaces, "targets": _targets}
    entries = listings[kind]()
    if as_json:
        print_json(entries)
        return
    out = console()
    for entry in entries:
        aliases = f"  (also {', '.join(entry['aliases'])})" if entry.get("aliases") else ""
        out.print(f"[bold]{entry['name']}[/]{aliases}  {entry['summary']}")
        for parameter in entry.get("parameters", []):
            default = "" if parameter["default"] is None else f" [dim]default {parameter['default']}[/]"
            out.print(f"    {parameter['name']}: {parameter['help']}{default}")


def _functions() -> list[dict[str, Any]]:
    from ..plan.functions import function_classes

    return [_described(cls) for cls in function_classes()]


def _methods() -> list[dict[str, Any]]:
    from ..plan.methods import method_classes

    return [_described(cls) for cls in method_classes()]


def _interfaces() -> list[dict[str, Any]]:
    from ..hdl.interfaces import INTERFACES

    return [{"name": name, "summary": summary} for name, summary in sorted(INTERFACES.items())]


def _targets() -> list[dict[str, Any]]:
    from ..explore.flows import flow, flow_names

    return [{"name": name, "summary": (flow(name).__doc__ or "").splitlines()[0]} for name in flow_names()]


def _described(cls: Any) -> dict[str, Any]:
    parameters = [
        {
            "name": parameter.name,
            "help": parameter.help,
            "default": None if parameter.default is None else str(parameter.default),
            "minimum": parameter.minimum,
            "maximum": parameter.maximum,
            "choices": None if parameter.choices is None else {k: list(v) for k, v in parameter.choices.items()},
        }
        for parameter in cls.parameters
    ]
    return {"name": cls.name, "aliases": list(cls.aliases), "summary": cls.summary, "parameters": parameters}
