"""Tables and pairs of them: foldings, and entries chosen for little logic."""
