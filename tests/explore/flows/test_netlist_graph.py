from softgate.explore.flows.netlist_graph import Netlist

DATA = {
    "modules": {
        "unit": {
            "ports": {
                "x": {"direction": "input", "bits": [2, 3]},
                "y": {"direction": "output", "bits": [4, "0"]},
            },
            "cells": {
                "table": {
                    "type": "LUT4",
                    "attributes": {"SB_LUT4.src": "unit.v:7.1-7.5", "SB_CARRY.src": "unit.v:9.1-9.5"},
                    "port_directions": {"A": "input", "B": "input", "Z": "output"},
                    "connections": {"A": [2], "B": ["x"], "Z": [4]},
                },
                "mark": {"type": "$scopeinfo", "attributes": {}, "port_directions": {}, "connections": {}},
            },
            "netnames": {
                "x": {"hide_name": 0, "bits": [2, 3]},
                "$1": {"hide_name": 1, "bits": [2]},
                "high": {"hide_name": 0, "bits": ["0", 3]},
            },
        }
    }
}


def test_a_netlist_is_read():
    netlist = Netlist(DATA, "unit")
    (cell,) = netlist.cells
    assert (cell.kind, dict(cell.inputs), dict(cell.outputs)) == ("LUT4", {"A": (2,), "B": ()}, {"Z": (4,)})
    assert cell.source == "unit.v:7.1-7.5|unit.v:9.1-9.5"
    assert netlist.names == {2: [("x", 0)], 3: [("x", 1), ("high", 1)]}
    assert (netlist.input_bits, netlist.output_bits) == ({2, 3}, {4})
    assert netlist.drivers == {4: cell}
    assert netlist.readers == {2: [(cell, "A")]}
