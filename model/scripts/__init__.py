"""Networks as Python scripts, JSON and arrays for other programs."""

ONNX_SUFFIX = ".onnx"
"""The end of the name of an ONNX file; here, so that a window knows it without what reads such a file."""
