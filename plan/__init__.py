"""What to compute: formats, operations, plans, functions, methods and error analysis."""
