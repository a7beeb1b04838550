"""The scan of an ONNX model: its activations, the values that reach them, and the units that they need."""
