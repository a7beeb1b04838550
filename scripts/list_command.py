"""``softgate list``."""

from __future__ import annotations

from typing import Any

import click

from .common import console, json_option, print_json

__all__ = ["command"]


@click.command(name="list")
@click.argument("kind", metavar="functions|composites|methods|interfaces|targets")
@json_option
def command(kind: str, as_json: bool) -> None:
    """List functions, composites, methods, interfaces or targets, with parameters, defaults and aliases."""
    from ..support.parameters import read_name

    listings = {
        "functions": _functions,
        "composites": _composites,
        "methods": _methods,
        "interfaces": _interfaces,
        "targets": _targets,
    }
    entries = read_name("list", kind, listings)()
    if as_json:
        print_json(entries)
        return
    out = console()
    for entry in entries:
        aliases = f"  (also {', '.join(entry['aliases'])})" if entry.get("aliases") else ""
        out.print(f"[bold]{entry['name']}[/]{aliases}  {entry['summary']}")
        if "frequency" in entry:
            out.print(f"    {_offer(entry)}")
        for parameter in entry.get("parameters", []):
            default = "" if parameter["default"] is None else f" [dim]default {parameter['default']}[/]"
            others = f" (also {', '.join(parameter['aliases'])})" if parameter["aliases"] else ""
            out.print(f"    {parameter['name']}{others}: {parameter['help']}{default}")
        for port in entry.get("ports", []):
            out.print(f"    {port} as an input: --port {port}=FORMAT")


def _functions() -> list[dict[str, Any]]:
    from ..functions import function_classes
    from ..functions.run_time import run_time_functions

    entries = {cls.name: {**_described(cls), "ports": []} for cls in function_classes()}
    for function in set(run_time_functions().values()):
        alone = {"name": function.name, "aliases": [], "summary": function.summary, "parameters": [], "ports": []}
        entries.setdefault(function.name, alone)["ports"].append(function.parameter)
    return [entries[name] for name in sorted(entries)]


def _composites() -> list[dict[str, Any]]:
    from ..accuracy.composites import composite_classes

    return [
        {
            "name": cls.name,
            "aliases": list(cls.aliases),
            "summary": cls.summary,
            "parameters": [
                {"name": " ".join(each.flags), "aliases": [], "help": each.help, "default": each.default}
                for each in cls.arguments
            ],
        }
        for cls in composite_classes()
    ]


def _methods() -> list[dict[str, Any]]:
    from ..methods import method_classes

    return [_described(cls) for cls in method_classes()]


def _interfaces() -> list[dict[str, Any]]:
    from ..hdl.interfaces import INTERFACES

    return [{"name": name, "summary": summary} for name, summary in sorted(INTERFACES.items())]


def _targets() -> list[dict[str, Any]]:
    from ..explore.flows import find_flow
    from ..hdl.targets import target, target_names

    targets = [target(name) for name in target_names()]
    return [
        {
            "name": target.name,
            "aliases": list(target.aliases),
            "summary": target.summary,
            "frequency": target.frequency,
            "multiplier": target.multiplier and {"name": target.multiplier.name, "widths": target.multiplier.widths},
            "block_ram": target.block_ram and {"name": target.block_ram.name, "bits": target.block_ram.bits},
            "synthesised": target.flow is not None,
            "placed_and_routed": target.flow is not None and find_flow(target).place_and_route is not None,
        }
        for target in targets
    ]


def _offer(target: dict[str, Any]) -> str:
    """Return one line with the properties of a target."""
    multiplier, block_ram = target["multiplier"], target["block_ram"]
    flow = "placed and routed" if target["placed_and_routed"] else "synthesised, area only"
    return "; ".join(
        [
            f"ordinary clock {target['frequency']:g} MHz",
            "multiplier {name}, {widths[0]} x {widths[1]} bits".format(**multiplier) if multiplier else "no multiplier",
            "block RAM {name}, {bits} bits".format(**block_ram) if block_ram else "no block RAM",
            flow if target["synthesised"] else "not synthesised",
        ]
    )


def _described(cls: Any) -> dict[str, Any]:
    from ..support.parameters import show_number

    parameters = [
        {
            "name": parameter.name,
            "aliases": list(parameter.aliases),
            "help": parameter.help,
            "default": None if parameter.default is None else show_number(parameter.default),
            "minimum": parameter.minimum,
            "maximum": parameter.maximum,
            "choices": None if parameter.names is None else {k: list(v) for k, v in parameter.names.items()},
        }
        for parameter in cls.parameters
    ]
    return {"name": cls.name, "aliases": list(cls.aliases), "summary": cls.summary, "parameters": parameters}
