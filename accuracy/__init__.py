"""What is asked of a unit, and how near it comes: budgets, true values, error metrics, proved bounds."""
