"""Range reduction: symmetry and saturation leave a reduced input, whose result becomes the output."""
