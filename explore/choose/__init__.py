"""The choice of the best unit: candidates are weighed, and the best one that is proved is taken."""
