"""The packages that read and run ONNX models: an extra, imported where a scan begins."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from ...support.exceptions import SoftgateError

__all__ = ["ScanError", "need_packages", "onnx_package", "runtime_package"]


class ScanError(SoftgateError):
    """A model or its data cannot be scanned; the message says why."""

    exit_code = 2


def onnx_package() -> Any:
    """Return the package `onnx`, or raise `ScanError` with the command that installs it."""
    return _imported("onnx")


def runtime_package() -> Any:
    """Return the package `onnxruntime`, or raise `ScanError` with the command that installs it."""
    return _imported("onnxruntime")


def need_packages() -> None:
    """Raise `ScanError` unless both packages are installed."""
    onnx_package()
    runtime_package()


def _imported(name: str) -> Any:
    try:
        return import_module(name)
    except ImportError:
        raise ScanError(f"softgate scan needs {name}: pip install 'softgate[onnx]'") from None
