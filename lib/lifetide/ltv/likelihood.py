"""Maximum likelihood on weighted histories: positive parameters, analytic gradients, standard errors, boundaries."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize

from lifetide.ltv.histories import Floats

LogLikelihood = Callable[[Floats], tuple[float, Floats]]
"""Parameters → mean log-likelihood per customer, and its gradient by the parameters."""
WIDEST = 12.0
STEP = 1e-4


@dataclass(frozen=True)
class Maximum:
    """Parameters at the maximum; standard errors are NaN where the likelihood is flat or at its edge."""

    parameters: Floats
    log_likelihood: float
    standard_errors: Floats
    is_at_edge: bool


def maximum(mean: LogLikelihood, customers: float, starts: Sequence[Sequence[float]]) -> Maximum:
    """The highest point of the likelihood over positive parameters, searched in their logarithms from each start.

    Time should be scaled so that the longest tenure is 10. Standard errors come from the Hessian of the
    log-parameters (differences of the analytic gradient) by the delta method.
    """

    def descent(logs: Floats) -> tuple[float, Floats]:
        parameters = np.exp(logs)
        value, gradient = mean(parameters)
        if not (np.isfinite(value) and np.isfinite(gradient).all()):
            return 1e10, np.zeros_like(logs)
        return -value, -gradient * parameters

    options = {"maxiter": 500, "maxcor": 20, "ftol": 1e-15, "gtol": 1e-9}
    best = min(
        (
            minimize(descent, np.log(start), jac=True, method="L-BFGS-B",
                     bounds=[(-WIDEST, WIDEST)] * len(start), options=options)
            for start in starts
        ),
        key=lambda found: float(found.fun),
    )  # fmt: skip
    parameters = np.exp(best.x)
    is_at_edge = bool(np.any(np.abs(best.x) > WIDEST - 1e-3))
    return Maximum(parameters, -float(best.fun) * customers, _errors(descent, best.x, customers), is_at_edge)


def _errors(descent: LogLikelihood, logs: Floats, customers: float) -> Floats:
    """Standard errors of the parameters."""
    steps = np.eye(len(logs)) * STEP
    hessian = np.array([(descent(logs + step)[1] - descent(logs - step)[1]) / (2 * STEP) for step in steps])
    hessian = customers * (hessian + hessian.T) / 2
    if not np.isfinite(hessian).all() or np.linalg.eigvalsh(hessian)[0] <= 1e-7 * customers:
        return np.full(len(logs), np.nan)
    errors: Floats = np.sqrt(np.diag(np.linalg.inv(hessian))) * np.exp(logs)
    return errors
