"""True values as inaccurate as their bound allows: what is concluded from them must not depend on them."""

from dataclasses import replace

import numpy as np

from softgate.accuracy.reference import Reference

_SPANS = Reference.spans


def rough_spans(bound):
    """Return a `Reference.spans` whose floats are wrong by nearly as much as it admits, `bound` ulp more than is so."""

    def spans(reference):
        random = np.random.default_rng(5)
        for span in _SPANS(reference):
            wrong = random.uniform(-bound, bound, len(span.codes))
            if span.clamped is not None:
                wrong[span.clamped] = 0  # these are said to be exact
            yield replace(span, values=span.values + wrong, bound=span.bound + bound)

    return spans
