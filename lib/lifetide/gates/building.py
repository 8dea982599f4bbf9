"""Has Great Expectations build what a suite says, and tells what it could not build."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from lifetide.errors import SettingsError
from lifetide.gates.quiet import great_expectations, quietly

INDEX = "lifetide_check"
"""Key in an expectation's meta that leads from a result back to the check: results come in any order."""


def building_problems(configurations: Sequence[dict[str, Any]], names: Sequence[str]) -> list[str]:
    """What cannot be built, by the name of the check. Each is built alone, so none is dropped in silence."""
    with quietly():
        reasons = [_refusal(written) for written in configurations]
    return [
        f"{name}: Great Expectations cannot build it: {reason}"
        for name, reason in zip(names, reasons, strict=True)
        if reason
    ]


def built_suite(name: str, configurations: Sequence[dict[str, Any]]) -> Any:
    """A suite of Great Expectations; refused where it holds fewer expectations than are written."""
    numbered = [
        {**written, "meta": {**written.get("meta", {}), INDEX: index}} for index, written in enumerate(configurations)
    ]
    suite = great_expectations().ExpectationSuite(name=name, expectations=numbered)
    if len(suite.expectations) != len(configurations):
        raise SettingsError(
            f"Great Expectations built {len(suite.expectations)} of the {len(configurations)} expectations "
            f"of {name}: load the suite with load_suite, which names those that it cannot build."
        )
    return suite


def _refusal(written: dict[str, Any]) -> str | None:
    from great_expectations.exceptions.exceptions import GreatExpectationsError
    from great_expectations.expectations.expectation_configuration import ExpectationConfiguration

    try:
        ExpectationConfiguration(**written).to_domain_obj()
    except (GreatExpectationsError, ValueError, TypeError) as error:
        return " ".join(str(error).split())
    return None
