"""Functions from an expression: parsed, with their properties found from its form."""
