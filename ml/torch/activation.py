"""An activation function that returns what the unit in hardware returns, bit for bit, and that can be trained."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import ArrayLike
from torch import Tensor

from ...accuracy.budget import Budget
from ...explore.design import Design
from ...functions.base import Function
from ...hdl.manifest import Manifest
from ...plan.any_format import Format
from ...support.parameters import read_name
from .chunks import in_chunks, is_large
from .elementwise import ElementwiseModule
from .grid import Grid, read_floats
from .qdq import ONNX_FORMS, check_qdq, qdq
from .saved_table import SavedTable
from .slopes import GRADIENTS, end_slopes, slopes_of_table, traced
from .unit_table import find_table

__all__ = ["Activation"]


class Activation(ElementwiseModule):
    """A function between two formats as a layer: its outputs are those of the unit, bit for bit.

    Values are rounded half to even to the nearest input code and saturate, infinities too; the output is looked up. NaN
    stays NaN. An input is a tensor of any shape in float16, bfloat16, float32 or float64, and the output has its shape
    and type: `golden.floats` of it, rounded to that type where it does not hold the output format. Codes never pass for
    values: integers are refused, and `codes` takes them.

    The table is the correctly rounded function, as `softgate.rounded` has it, until a unit is chosen (decision 046):
    that of `unit`, or the one that `softgate.design` finds if any other of its arguments is given, such as `max_error`,
    `method` or `target`.

    Parameters
    ----------
    function
        A function as `softgate.design` takes it: a name, an expression, a callable, an array of values. May be left out
        if `unit` is given.
    input, output
        Formats such as ``SQ4.4`` or ``int8:0.047:-3``, as text or as formats. Those of the unit, if it is given.
    unit
        The path of the manifest of an emitted unit, such as ``build/tanh.json``, or a design.
    grad
        The gradient at x. ``true``: the derivative of the function at x itself, not at the code nearest to it, where x
        lies from the least to the greatest value of the input (of `input_range`, if it is given); 0 elsewhere and where
        a function that saturates is an ulp or more beyond the output format. ``surrogate``: in the same range the slope
        of the table at the code nearest to x, which is that of the line through the outputs of the two neighbouring
        codes.
    onnx
        What ``torch.onnx.export`` writes for it: ``table``, a Gather with the same bits; or ``qdq``, the function in
        floats between QuantizeLinear and DequantizeLinear, which other tools read as a quantised operator and which may
        differ by a code where the function is close to half-way between two.
    saturate, input_range, clip, max_error, method
        As for `softgate.design`. What lies outside `input_range` gives the output at its nearest end.
    **options
        Parameters of the function, and further arguments of `softgate.design`.

    Raises
    ------
    TypeError, ValueError
        If an argument is wrong or missing, or contradicts the unit.
    BudgetError, ManifestError
        As by `softgate.design` and `softgate.load`.

    Examples
    --------
    >>> import torch
    >>> tanh = Activation("tanh", input="SQ4.4", output="SQ1.7")
    >>> tanh(torch.tensor([-0.5, 0.0, 8.0]))
    tensor([-0.4609,  0.0000,  0.9922])
    >>> tanh.codes(torch.tensor([-8, 0, 127]))
    tensor([-59,   0, 127])

    """

    table: Tensor
    _values: Tensor
    _steps: Tensor | None
    _table_slopes: Tensor | None
    _traced: tuple[Callable[[Tensor], tuple[Tensor, Tensor]], ...]

    def __init__(
        self,
        function: str | Function | Callable[..., Any] | ArrayLike | None = None,
        *,
        input: str | Format | None = None,
        output: str | Format | None = None,
        unit: str | Path | Design | None = None,
        grad: str = "true",
        onnx: str = "table",
        saturate: bool = False,
        input_range: str | Sequence[Any] | None = None,
        clip: str | Sequence[Any] | None = None,
        max_error: str | Budget | None = None,
        method: str | None = None,
        **options: Any,
    ) -> None:
        super().__init__()
        if not isinstance(saturate, bool):
            raise TypeError(f"saturate must be True or False, not {saturate!r:.60}")
        self.grad = read_name("grad", grad, GRADIENTS)
        self.onnx = read_name("onnx", onnx, ONNX_FORMS)
        asked = {
            "saturate": saturate,
            "input_range": input_range,
            "clip": clip,
            "max_error": max_error,
            "method": method,
            **options,
        }
        self._unit = find_table(function, input, output, unit, asked)
        self._grid = Grid(self._unit.input, self._unit.held)
        outputs, target = self._unit.outputs, self._unit.output
        values = target.to_float(outputs.astype(target.code_dtype))
        exact = np.array_equal(values.astype(np.float32).astype(np.float64), values)
        self.register_buffer("table", _integers(outputs))
        self.register_buffer("_values", torch.from_numpy(values.astype(np.float32 if exact else np.float64)), False)
        self.register_buffer("_steps", self._grid.steps, False)
        if self.onnx == "qdq":
            check_qdq(self._unit)
        self._prepare_slopes()

    def _prepare_slopes(self) -> None:
        unit = self._unit
        self.register_buffer("_table_slopes", None, False)
        # In a tuple, so that it is no submodule: a model has as many of these as it has activations.
        self._traced = () if unit.function.rounded else (traced(unit.function),)
        if self.onnx == "qdq" and not self._traced:
            raise ValueError(f'onnx "qdq" needs a function of floats, and {unit.function} is an array: choose "table"')
        if self.grad == "surrogate":
            slopes = slopes_of_table(unit.outputs, unit.input, unit.output)
            self.register_buffer("_table_slopes", torch.from_numpy(slopes), False)
            return
        if not self._traced:
            raise ValueError(
                f'grad "true" needs a derivative, and {unit.function} is an array, which has none: choose '
                'grad="surrogate"'
            )
        self._ends = end_slopes(unit.function, self._grid.low, self._grid.high)
        low, high = (unit.output.value(code) for code in (unit.output.min_code, unit.output.max_code))
        self._limits = (float(low - unit.output.ulp), float(high + unit.output.ulp)) if unit.saturate else None

    @property
    def specification(self) -> dict[str, str]:
        """Function, formats and origin of the table, as text: what a state that is loaded must have been saved of."""
        return self._unit.specification

    def forward(self, x: Tensor) -> Tensor:
        """Return the outputs at values, in their shape and type.

        Raises
        ------
        TypeError
            If `x` is not a tensor of floats.

        """
        read_floats(x, "codes(x) takes codes")
        if torch.onnx.is_in_onnx_export():
            if self.onnx == "qdq":
                return qdq(x, self._in_floats, self._unit.input, self._unit.output)
            return self._looked_up(x)
        return self._elementwise(x)

    def codes(self, codes: Tensor) -> Tensor:
        """Return the output codes at input codes, in int64 and the shape of the codes.

        Raises
        ------
        TypeError
            If `codes` is not a tensor of integers.
        ValueError
            If a code is not one of the input, or outside `input_range`. Within ``torch.compile`` and ``vmap``, where
            values cannot be looked at, it gives the output at the nearest code.

        """
        if not isinstance(codes, Tensor):
            raise TypeError(f"codes must be a tensor, not {type(codes).__name__}; torch.as_tensor makes one")
        if codes.is_floating_point() or codes.is_complex() or codes.dtype == torch.bool:
            name = str(codes.dtype).removeprefix("torch.")
            raise TypeError(f"codes must be integers, not {name}; call the module itself for values")
        places = codes.to(torch.int64) - self._grid.first
        limited = places.clamp(0, len(self.table) - 1)
        if not torch.compiler.is_compiling() and not torch._C._are_functorch_transforms_active():
            self._check_codes(codes, limited != places)
        return torch.index_select(self.table, 0, limited.reshape(-1)).reshape(codes.shape).to(torch.int64)

    def _check_codes(self, codes: Tensor, wrong: Tensor) -> None:
        if wrong.any():
            place = wrong.nonzero()[0].tolist()
            where = f", but the one at {place} is" if place else ", not"
            raise ValueError(
                f"codes must be from {self._grid.first} to {self._grid.last}, those of {self.specification['input']}"
                f"{where} {int(codes[tuple(place)])}"
            )

    def emit(self, folder: str | Path, *, name: str | None = None, **options: Any) -> Manifest:
        """Write the unit into a folder, as `Design.emit` does, and return its manifest.

        Of a module without a unit of its own, the best unit with the same outputs is found first.
        """
        return self._unit.emitted().emit(folder, name=name, **options)

    def extra_repr(self) -> str:
        """Return what is printed of the module between parentheses."""
        said = self.specification
        return f"{said['function']}, {said['input']} -> {said['output']}, {said['table']}, grad={self.grad}"

    def _in_floats(self, x: Tensor) -> Tensor:
        """Return the function itself, as floats have it."""
        found: Tensor = self._traced[0](x)[0]
        return found

    def _outputs(self, x: Tensor) -> Tensor:
        return in_chunks(self._looked_up, x) if is_large(x) else self._looked_up(x)

    def _passed_back(self, x: Tensor, gradient: Tensor) -> Tensor:
        # With gradients enabled, those of the slopes are asked for.
        chunks = is_large(x) and not torch.is_grad_enabled()
        return gradient * (in_chunks(self._slopes_at, x) if chunks else self._slopes_at(x))

    def _looked_up(self, x: Tensor) -> Tensor:
        places = self._grid.places(x, self._steps)
        # A NaN may become any integer.
        index = places.to(torch.int32).clamp(0, len(self.table) - 1)
        found = torch.index_select(self._values, 0, index.reshape(-1)).reshape(x.shape)
        return torch.add(found, places, alpha=0).to(x.dtype)  # nothing is added but NaN

    def _slopes_at(self, x: Tensor) -> Tensor:
        wide = x if x.dtype == torch.float64 else x.float()
        inside = self._grid.holds(wide)
        if self._table_slopes is not None:
            index = self._grid.places(x, self._steps).to(torch.int32).clamp(0, len(self.table) - 1)
            slopes = torch.index_select(self._table_slopes, 0, index.reshape(-1)).reshape(x.shape)
        else:
            values, slopes = self._traced[0](wide)
            slopes = torch.where(slopes.isnan(), torch.where(wide < 0, *self._ends), slopes)
            if self._limits is not None:
                inside = inside & (values > self._limits[0]) & (values < self._limits[1])
        return torch.where(inside, slopes, 0.0).to(x.dtype)

    def get_extra_state(self) -> dict[str, str]:
        """Return what is saved with the table: the specification."""
        return self.specification

    def set_extra_state(self, state: Any) -> None:
        """Do nothing: `_load_from_state_dict` compares the state."""

    def _load_from_state_dict(
        self,
        state_dict: Mapping[str, Any],
        prefix: str,
        local_metadata: Any,
        strict: bool,
        missing_keys: list[str],
        unexpected_keys: list[str],
        error_msgs: list[str],
    ) -> None:
        """Compare what was saved with what the module has; the state of a model without tables has neither."""
        known = {f"{prefix}table", f"{prefix}_extra_state"}
        unexpected_keys += [key for key in state_dict if key.startswith(prefix) and key not in known] if strict else []
        saved = SavedTable(state_dict.get(f"{prefix}_extra_state"), state_dict.get(f"{prefix}table"))
        if fault := saved.fault(self.specification, self.table):
            error_msgs.append(f"{prefix.rstrip('.') or 'the module'} {fault}")


def _integers(codes: Any) -> Tensor:
    """Return codes in the narrowest integers that PyTorch computes with everywhere: without a sign, those of 8 bits."""
    if codes.dtype in (np.uint16, np.uint32):
        codes = codes.astype({np.uint16: np.int32, np.uint32: np.int64}[codes.dtype.type])
    elif codes.dtype == np.uint64:
        codes = codes.astype(np.int64)
    return torch.from_numpy(np.ascontiguousarray(codes))
