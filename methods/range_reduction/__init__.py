"""How an input code becomes a reduced input: symmetry and domain."""
