import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGES = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["setuptools"]["packages"]
FOLDERS = [*(ROOT.joinpath(*package.split(".")[1:]) for package in PACKAGES), ROOT / "benchmarks"]

# Modules, or folders with all that they hold, that have no test file of their own name, and where they are tested.
TESTED_THROUGH = {
    "__init__.py": "accuracy/test_budget.py test_doctests.py",  # the names that users import
    "accuracy/admitted.py": "methods/test_reduced.py",
    "accuracy/demands.py": "accuracy/test_specification.py accuracy/test_error_metrics.py",
    "accuracy/composites/base.py": "accuracy/composites/test_softmax.py",
    "accuracy/composites/cell_arguments.py": "accuracy/composites/test_lstm_cell.py",
    "accuracy/composites/cell_parts.py": "accuracy/composites/test_lstm_cell.py accuracy/composites/test_gru_cell.py",
    "accuracy/composites/exponential_sum.py": "accuracy/composites/test_softmax.py",
    "accuracy/composites/given.py": "accuracy/composites/test_lstm_cell.py",
    "accuracy/composites/lstm_bounds.py": "accuracy/composites/test_lstm_cell.py",
    "accuracy/composites/lstm_words.py": "accuracy/composites/test_lstm_cell.py",
    "accuracy/composites/lfsr.py": "accuracy/composites/test_rrelu_training.py",
    "accuracy/composites/log_sum.py": "accuracy/composites/test_log_softmax.py",
    "accuracy/composites/part_formats.py": "accuracy/composites/test_softmax.py",
    "accuracy/composites/neuron_arguments.py": "accuracy/composites/test_neuron.py",
    "accuracy/composites/weighted_sums.py": "accuracy/composites/test_neuron.py",
    "accuracy/error_measurement.py": "accuracy/test_error_metrics.py",
    "accuracy/excess.py": "accuracy/test_required.py",
    "accuracy/limits.py": "accuracy/test_admissible.py accuracy/test_error_metrics.py",
    "accuracy/plan_models.py": "accuracy/test_bound.py plan/test_bound_of_random_plans.py",
    "accuracy/run_time_metrics.py": "sim/test_run_time_errors.py",
    "accuracy/run_time_truth.py": "sim/test_run_time_errors.py accuracy/test_rounded_once.py",
    "accuracy/span.py": "accuracy/test_reference.py",
    "accuracy/symmetric.py": "accuracy/test_error_metrics.py",
    "accuracy/walk.py": "accuracy/test_reference.py",
    "accuracy/worst_error.py": "accuracy/test_error_metrics.py",
    "benchmarks/__main__.py": "benchmarks/test_cli.py",
    "benchmarks/composite_errors.py": "benchmarks/test_composites.py",
    "benchmarks/framework_codes.py": "benchmarks/test_quantised.py",
    "explore/composites/component.py": "explore/composites/test_cells.py",
    "explore/flows/attribution.py": "explore/flows/test_by_part.py",
    "explore/calibration/report.py": "scripts/test_calibrate.py",
    "explore/choose/at_run_time.py": "explore/test_run_time_design.py",
    "explore/choose/first_within_budget.py": "explore/test_design.py explore/choose/test_left_out.py",
    "explore/choose/result.py": "explore/test_design.py explore/test_emission.py",
    "explore/choose/search.py": "explore/test_design.py explore/choose/test_with_derivative.py",
    "explore/composites/gru_gates.py": "explore/composites/test_cells.py",
    "explore/composites/gru_update.py": "explore/composites/test_cells.py",
    "explore/design_parameters.py": "explore/test_design.py scripts/test_refusals.py",
    "explore/flows/flow.py": "explore/flows/test_flows.py",
    "explore/flows/result.py": "explore/flows/test_flows.py",
    "explore/sweep/arguments.py": "explore/sweep/test_composites.py",
    "explore/sweep/manifest_columns.py": "explore/sweep/test_composites.py explore/sweep/test_run.py",
    "explore/sweep/axes.py": "explore/sweep/test_grid.py",
    "explore/sweep/conditions.py": "explore/sweep/test_grid.py",
    "explore/asked_rounding.py": "explore/test_rounding.py",
    "explore/measured.py": "explore/test_load.py explore/test_remember.py",
    "explore/sweep/export.py": "scripts/test_sweep.py",
    "explore/sweep/recorder.py": "explore/sweep/test_run.py",
    "explore/sweep/worker.py": "explore/sweep/test_workers.py",
    "functions": "functions/test_functions.py functions/test_definitions.py",  # every function, by what all have
    "hdl/approximation.py": "hdl/test_emitted_verilog.py",
    "hdl/composites/base.py": "hdl/composites/test_softmax.py",
    "hdl/composites/cell_plans.py": "hdl/composites/test_cells.py",
    "hdl/composites/component.py": "explore/composites/test_softmax.py",
    "hdl/composites/manifest_fields.py": "hdl/composites/test_manifest.py",
    "hdl/composites/neuron_plans.py": "hdl/composites/test_neuron.py",
    "hdl/composites/neuron_replay.py": "hdl/composites/test_neuron.py explore/composites/test_neuron.py",
    "hdl/composites/part_record.py": "hdl/composites/test_manifest.py sim/composites/test_check.py",
    "hdl/composites/ports.py": "hdl/composites/test_manifest.py explore/composites/test_softmax.py",
    "hdl/composites/logsumexp.py": "hdl/composites/test_log_softmax.py",
    "hdl/composites/parallel_sum.py": "hdl/composites/test_softmax.py hdl/composites/test_log_softmax.py",
    "hdl/composites/softmax_plans.py": "hdl/composites/test_softmax.py",
    "hdl/composites/vector_plans.py": "hdl/composites/test_softmax.py hdl/composites/test_log_softmax.py",
    "hdl/composites/vector_sum.py": "hdl/composites/test_softmax.py hdl/composites/test_log_softmax.py",
    "hdl/composites/turn_connection.py": "hdl/composites/test_cells_in_turns.py",
    "hdl/composites/turn_plans.py": "hdl/composites/test_cells_in_turns.py",
    "hdl/composites/turn_recipes.py": "hdl/composites/test_cells_in_turns.py",
    "hdl/emitted.py": "hdl/test_manifest.py hdl/composites/test_manifest.py",
    "hdl/lowering/comparisons.py": "hdl/lowering/test_lower.py",
    "hdl/lowering/lowered_plan.py": "hdl/lowering/test_sums.py hdl/lowering/test_lower.py",
    "hdl/lowering/tables.py": "hdl/targets/test_blocks.py",
    "hdl/manifest_fields.py": "hdl/test_manifest.py",
    "hdl/manifest_json.py": "hdl/test_manifest.py",
    "hdl/manifest_specification.py": "hdl/test_manifest.py explore/test_plan_emission.py",
    "hdl/module_text.py": "hdl/test_emitted_verilog.py",
    "hdl/output_claims.py": "explore/choose/test_with_derivative.py sim/test_forged_manifests.py",
    "hdl/targets/target.py": "hdl/targets/test_targets.py",
    "hdl/unit_text.py": "hdl/test_emitted_verilog.py",
    # The printer's parts are tested by what they print, and by proofs that it is what was meant.
    "hdl/verilog/drivers.py": "hdl/verilog/test_printer.py hdl/test_adder_module.py",
    "hdl/turn_ring.py": "hdl/test_unit_in_turns.py hdl/composites/test_cells_in_turns.py",
    "hdl/verilog/expressions.py": "hdl/verilog/test_printer.py hdl/verilog/test_proofs_of_text.py",
    "hdl/verilog/layout.py": "hdl/verilog/test_printer.py",
    "hdl/verilog/netlist.py": "hdl/verilog/test_printer.py hdl/verilog/test_proofs_of_text.py",
    "hdl/verilog/operators.py": "hdl/verilog/test_proofs_of_text.py",
    "hdl/verilog/rtlil.py": "hdl/verilog/test_printer.py",
    "hdl/verilog/rtlil_reader.py": "hdl/verilog/test_printer.py",
    "hdl/verilog/simplification.py": "hdl/verilog/test_proofs_of_text.py",
    "hdl/verilog/spelling.py": "hdl/verilog/test_printer.py",
    "methods/lut_networks/moves.py": "methods/lut_networks/test_annealing.py",
    # The search for integer polynomials, held by what it finds to be what brute force finds.
    "methods/integer_polynomials/build.py": "methods/test_polynomial.py",
    "methods/integer_polynomials/candidates.py": "methods/test_polynomial.py",
    "methods/integer_polynomials/coefficient_scan.py": "methods/integer_polynomials/test_fitter.py",
    "methods/integer_polynomials/evaluation.py": "methods/test_polynomial.py",
    "methods/integer_polynomials/output_window.py": "methods/integer_polynomials/test_fitter.py",
    "methods/integer_polynomials/saturation.py": "methods/integer_polynomials/test_folded_function.py",
    "methods/integer_polynomials/saturation_steps.py": "methods/integer_polynomials/test_sign_free_evaluation.py "
    "methods/test_polynomial.py",
    "methods/integer_polynomials/segment_bounds.py": "methods/integer_polynomials/test_feasibility.py",
    "methods/integer_polynomials/stored_tables.py": "methods/integer_polynomials/test_table_network.py",
    "methods/integer_polynomials/word_lengths.py": "methods/test_polynomial.py",
    "methods/piecewise_linear/admitted.py": "methods/piecewise_linear/test_segments.py",
    "methods/piecewise_linear/approximated.py": "methods/piecewise_linear/test_segments.py",
    "methods/ramps/limits.py": "methods/test_hard.py",
    "methods/ramps/lines.py": "methods/test_hard.py",
    "methods/range_reduction/alternating.py": "methods/range_reduction/test_translated.py",
    "methods/range_reduction/doubling.py": "methods/range_reduction/test_translated.py",
    "methods/range_reduction/reduction.py": "methods/test_reduced.py",
    "methods/real_polynomials/build.py": "methods/test_taylor.py",
    "methods/real_polynomials/candidates.py": "methods/test_taylor.py",
    "methods/real_polynomials/fits/base.py": "methods/real_polynomials/fits/test_sampled.py",
    "methods/real_polynomials/fits/samples.py": "methods/real_polynomials/fits/test_sampled.py",
    "methods/tables/bipartite_tables.py": "methods/test_bipartite.py",
    "methods/tables/folded_table.py": "methods/tables/test_feasible_tables.py methods/test_table.py",
    "methods/tables/kept_bits.py": "methods/tables/test_feasible_tables.py methods/test_table.py",
    "methods/tables/mirrored_foldings.py": "methods/tables/test_folding.py",
    "methods/tables/offset_order.py": "methods/test_bipartite.py",
    "ml/torch/arithmetic.py": "ml/torch/test_slopes.py",
    "ml/torch/chunks.py": "ml/torch/test_activation.py",
    "ml/torch/elementwise.py": "ml/torch/test_activation.py ml/torch/test_quantize.py",
    "ml/torch/gru.py": "ml/torch/test_recurrent.py",
    "ml/torch/grid.py": "ml/torch/test_activation.py ml/torch/test_quantize.py",
    "ml/torch/lstm.py": "ml/torch/test_recurrent.py",
    "ml/torch/named_activation.py": "ml/torch/test_modules.py ml/torch/test_prepare.py",
    "ml/torch/unit_table.py": "ml/torch/test_activation.py ml/torch/test_refusals.py",
    "plan/drawing": "plan/test_drawing.py",  # as one, by the picture
    "plan/operations": "plan/test_operations.py",  # one case a line, whatever the file
    "scripts/codes_at.py": "scripts/test_show.py scripts/test_composites.py",
    "scripts/composite_texts.py": "scripts/test_emit_composite.py scripts/test_composites.py",
    "sim/proofs/turn_state.py": "sim/proofs/test_unit_turn_lemmas.py sim/composites/test_turn_lemmas.py",
    "sim/proofs/unit_lemmas.py": "sim/proofs/test_protocol.py",
    "sim/bench.py": "sim/test_simulate.py",
    "sim/bench_drivers.py": "sim/test_simulate.py",
    "sim/bench_vectors.py": "sim/test_simulate.py",
    "sim/check_result.py": "sim/test_check.py",
    "sim/composites/bench.py": "sim/composites/test_simulate.py",
    "sim/composite_model.py": "sim/test_driven.py explore/test_load.py",
    "sim/engines/driver.py": "sim/engines/test_compiled.py sim/engines/test_interpreted.py",
    "sim/engines/driver_texts.py": "sim/engines/test_compiled.py",
    "sim/engines/faults.py": "sim/engines/test_compiled.py sim/engines/test_interpreted.py",
    "sim/engines/lanes.py": "sim/engines/test_interpreted.py",
    "sim/engines/netlist_cells.py": "sim/engines/test_word_netlist.py",
    "sim/engines/word_fetching.py": "sim/engines/test_word_netlist.py",
    "sim/engines/word_operations.py": "sim/engines/test_word_netlist.py",
    "sim/golden/composites/base.py": "sim/golden/composites/test_softmax.py",
    "sim/golden/composites/exponential_sums.py": "sim/golden/composites/test_softmax.py",
    "sim/golden/composites/cells.py": "sim/golden/composites/test_lstm_cell.py",
    "sim/composites/stream_lemmas.py": "sim/composites/test_protocol.py",
    "sim/printed.py": "sim/test_forged_manifests.py scripts/test_check_command.py",
    "sim/composites/counterexample.py": "sim/composites/test_protocol.py",
    "sim/proofs/composites/base.py": "sim/proofs/composites/test_softmax.py",
    "sim/proofs/ring_state.py": "sim/proofs/test_ring.py sim/composites/test_protocol.py",
    "sim/proofs/composites/neuron_passage.py": "sim/composites/test_protocol.py sim/proofs/test_order.py",
    "sim/proofs/composites/vector_sum_passage.py": "sim/composites/test_protocol.py sim/proofs/test_order.py",
    "sim/standalone": "sim/test_standalone.py",  # as one, by running the benches
    "ml/scan/emit.py": "ml/scan/test_examine.py",
    "ml/scan/listing.py": "ml/scan/test_examine.py scripts/test_scan.py",
    "ml/scan/record.py": "ml/scan/test_examine.py",
    "plan/affine_parameters.py": "plan/test_affine_format.py",
    "plan/any_format.py": "plan/test_affine_format.py",
    "sim/golden/arguments.py": "sim/golden/test_model.py",
    "scripts/array_files.py": "scripts/test_eval.py",
    "scripts/common.py": "scripts/test_cli.py scripts/test_refusals.py",
    "scripts/emit_options.py": "scripts/test_emit.py scripts/test_emit_composite.py",
    "scripts/emit_report.py": "scripts/test_emit.py scripts/test_emit_composite.py",
    "scripts/export_command.py": "scripts/test_sweep.py",
    "scripts/list_command.py": "scripts/test_cli.py",
    "support/versions.py": "explore/sweep/test_evaluate.py",
    "support/yosys_server.py": "support/test_yosys.py",
}


def modules():
    """Return the modules of the package, those `__init__.py` left out that only gather what others hold."""
    paths = sorted(path.relative_to(ROOT) for folder in FOLDERS for path in folder.glob("*.py"))
    return [path for path in paths if path.name != "__init__.py" or path == Path("__init__.py")]


def mirrors(module):
    """Return the names that the test file of a module may have; that of a command may go without its ``_command``."""
    names = [module.stem, module.stem.removesuffix("_command")] if module.parts[0] == "scripts" else [module.stem]
    return [ROOT / "tests" / module.parent / f"test_{name}.py" for name in names]


def listed(module):
    """Return the entries of the list that are about a module."""
    return [str(place) for place in (module, *module.parents) if str(place) in TESTED_THROUGH]


@pytest.mark.parametrize("module", modules(), ids=str)
def test_a_module_has_its_test_file_or_a_reason(module):
    has_mirror = any(path.is_file() for path in mirrors(module))
    assert has_mirror or listed(module), f"write tests/{module.parent}/test_{module.stem}.py, or list the module here"
    assert not (has_mirror and str(module) in listed(module)), f"{module} has a test file: take it from the list"


@pytest.mark.parametrize("place", TESTED_THROUGH)
def test_the_list_is_of_what_there_is(place):
    assert (ROOT / place).exists()
    for test in TESTED_THROUGH[place].split():
        assert (ROOT / "tests" / test).is_file(), test
