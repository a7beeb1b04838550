"""Units in machine learning: layers for PyTorch, and the scan of ONNX models."""
