import sys

import pytest

from softgate.ml.scan.packages import ScanError, need_packages, onnx_package, runtime_package


def test_both_are_there():
    need_packages()
    assert onnx_package().__name__ == "onnx"
    assert runtime_package().__name__ == "onnxruntime"


@pytest.mark.parametrize("name", ["onnx", "onnxruntime"])
def test_a_missing_package_is_named_with_its_extra(name, monkeypatch):
    monkeypatch.setitem(sys.modules, name, None)
    with pytest.raises(ScanError) as error:
        need_packages()
    assert str(error.value) == f"softgate scan needs {name}: pip install 'softgate[onnx]'"
    assert error.value.exit_code == 2
