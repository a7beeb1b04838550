"""What a sweep has found, for people: Pareto fronts as figures, and everything in one HTML page."""
