"""For machine-learning frameworks: the scan of ONNX models."""
