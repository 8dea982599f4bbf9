"""What the ledger says of a customer, in a person's words."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from lifetide.pipelines.remembered import Remembered, Stay

IN = {
    "rule_holds": "the rule began to hold",
    "first_evaluation": "the audience was evaluated for the first time; how long it held before is not known",
    "new_version": "a new version of the rule took over",
}
OUT = {
    "rule_fails": "the rule held no longer",
    "not_spoken_of": "the audience no longer speaks of this customer (consent, or an anonymous visitor)",
    "customer_gone": "the customer is no longer there (merged into another, or withdrawn)",
    "new_version": "a new version of the rule took over",
    "audience_removed": "the audience was removed",
}


def remembered_text(found: Remembered) -> str:
    """Since when, by which version, what was believed then, and every stretch."""
    if not found.is_ever_evaluated:
        return "  Ledger: the audience was never evaluated; `lifetide audiences run` does that."
    if not found.stays:
        return "  Ledger: never a member."
    lines = [f"  Ledger, as known now: {_told(found.now, found)}"]
    if found.evaluated_at is None:
        lines.append(f"  As it was reported: {found.day} itself was not evaluated")
    else:
        at = f"{found.evaluated_at:%Y-%m-%d %H:%M} UTC"
        then = f"{_told(found.then, found)} (told differently now: news came later)"
        words = "the same" if _is_same(found.now, found.then) else then
        lines.append(f"  As it was reported when {found.day} was evaluated ({at}): {words}")
    lines += ["", "  Stretches, as known now", *(_stretch(one) for one in found.stays if one.recorded_to is None)]
    corrected = [one for one in found.stays if one.recorded_to is not None and _is_given_up(one, found)]
    if corrected:
        lines += ["", "  Believed once, and given up", *(f"{_stretch(one)}; {_belief(one)}" for one in corrected)]
    return "\n".join(lines)


def remembered_json(found: Remembered) -> dict[str, Any]:
    """The same for `--json`."""
    return {
        "now": None if found.now is None else asdict(found.now),
        "then": None if found.then is None else asdict(found.then),
        "evaluated_at": found.evaluated_at,
        "stretches": [asdict(one) for one in found.stays],
    }


def _told(stay: Stay | None, found: Remembered) -> str:
    if stay is None:
        return f"not in on {found.day}"
    return f"in since {stay.valid_from}, by version {stay.version}: {IN[stay.enter_reason]}"


def _stretch(stay: Stay) -> str:
    end = "still in" if stay.valid_to is None else f"out on {stay.valid_to}: {OUT[str(stay.exit_reason)]}"
    return f"    {stay.valid_from} by version {stay.version} ({IN[stay.enter_reason]}); {end}"


def _belief(stay: Stay) -> str:
    return f"believed {stay.recorded_from:%Y-%m-%d %H:%M} to {stay.recorded_to:%Y-%m-%d %H:%M} UTC"


def _is_same(one: Stay | None, other: Stay | None) -> bool:
    if one is None or other is None:
        return one is other
    return (one.valid_from, one.version) == (other.valid_from, other.version)


def _is_given_up(stay: Stay, found: Remembered) -> bool:
    """False of a stretch that was open and then ended: that is no other belief about its past."""
    now = (one for one in found.stays if one.recorded_to is None)
    goes_on = any((one.valid_from, one.version) == (stay.valid_from, stay.version) for one in now)
    return not (stay.valid_to is None and goes_on)
