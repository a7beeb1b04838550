"""The report of a sweep: Pareto fronts as figures, and everything in one HTML page."""
