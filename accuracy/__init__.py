"""The accuracy of a unit, asked for and reached: budgets, true values, error metrics, proved bounds."""
