from dataclasses import replace
from types import SimpleNamespace

import pytest

from softgate.explore.calibration import costs as module
from softgate.explore.calibration.costs import CostSample, cost_samples, fit_costs, median_error
from softgate.hdl.scheduling.costs import FEATURES, features
from softgate.hdl.targets import target


@pytest.fixture(scope="module")
def samples():
    """Return the candidates for one specification, with sizes that are a weighted sum but for one in five."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "SPECIFICATIONS", module.SPECIFICATIONS[:2])
        patch.setattr(module, "measure", lambda *_, **__: SimpleNamespace(luts=0))
        found = list(cost_samples(target("ecp5")))
    truth = dict(zip(FEATURES, (1.25, 0.5, 0.75, 0.5, 0.125), strict=True))
    return truth, [
        replace(sample, luts=sum(truth[name] * size for name, size in features(sample.schedule).items()) * factor)
        for sample, factor in zip(found, [1, 1, 1, 1, 3] * len(found), strict=False)
    ]


def test_weights_are_found_in_spite_of_outliers(samples):
    truth, made = samples
    assert len(made) > 30
    assert fit_costs(made) == pytest.approx(truth, abs=1e-9)
    assert median_error(made, truth) == pytest.approx(0, abs=1e-9)


def test_the_median_error():
    schedule = module.choose_schedule(next(iter(_plans())), "comb")
    size = sum(features(schedule).values())
    costs = dict.fromkeys(FEATURES, 1.0)
    made = [CostSample(0, schedule, luts) for luts in (size, size / 2, size / 1.25)]
    assert median_error(made, costs) == pytest.approx(0.25)


def _plans():
    method = module.find_method("table")
    specification = module.Specification(
        module.create_function("tanh"),
        module.FixedFormat.parse("SQ3.3"),
        module.FixedFormat.parse("SQ1.5"),
        module.Budget.parse("1ulp"),
    )
    return (candidate.plan for candidate in method.candidates(specification, method.read({})))


@pytest.mark.tools
@pytest.mark.slow
def test_the_published_weights():
    """The weights in the target's file are those that the fit finds, and predict a median within 15 %."""
    on = target("ecp5")
    made = list(cost_samples(on))
    assert median_error(made, on.costs) < 0.15
    assert fit_costs(made) == pytest.approx(on.costs, abs=0.06)
