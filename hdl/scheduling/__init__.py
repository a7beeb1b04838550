"""Where the registers of a plan go, and what that costs."""
