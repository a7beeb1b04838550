"""Ranks of registers, and places."""

from softgate.sim.proofs.passage import Place, ranks


def test_ranks_are_in_order():
    assert ranks(["x_r10", "y_r1", "x_r2", "x", "x_r1"], "x") == ("x_r1", "x_r2", "x_r10")


def test_names_of_a_place():
    assert Place(("x", "w"), "x_valid", "x_last").names == ("x", "w", "x_valid", "x_last")
    assert Place(("x",), "", "last_now", "ends_now").names == ("x", "last_now", "ends_now")
    assert Place(("x",), "valid", "last", "ends").ends == "ends"
    assert Place(("x",), "valid", "last").ends == "last"
