"""For machine-learning frameworks: torch modules, and the scan of ONNX models."""
