"""What a build server reads: JUnit XML in a file, and notes on a pull request as GitHub takes them."""

from __future__ import annotations

import re
import sys
from argparse import Namespace
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from xml.etree import ElementTree as Xml

from lifetide.errors import LifetideError
from lifetide.vocabulary import Severity

if TYPE_CHECKING:
    from lifetide.gates import CheckResult
    from lifetide.pipelines.comparing import Change

NOT_XML = re.compile(r"[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
PLACE = re.compile(r"(?P<file>[^\n:]+\.ya?ml):(?P<line>[0-9]+): (?P<said>.+)", re.DOTALL)
"""How a problem of a definition begins."""


@dataclass(frozen=True)
class Case:
    """One thing that was judged. `problem` None = it is well; only a critical one fails the build."""

    suite: str
    name: str
    problem: str | None = None
    severity: Severity = Severity.CRITICAL
    file: str | None = None
    line: int | None = None


def tell(arguments: Namespace, cases: Sequence[Case]) -> None:
    """Writes `--junit FILE` and prints `--annotations`, where they are asked for.

    Notes go to standard error, where GitHub finds them too, so that the result stays alone on standard output.
    """
    if getattr(arguments, "junit", None) is not None:
        arguments.junit.parent.mkdir(parents=True, exist_ok=True)
        Path(arguments.junit).write_text(junit(cases), encoding="utf-8")
    if getattr(arguments, "annotations", None) == "github":
        for one in cases:
            if one.problem is not None:
                sys.stderr.write(github(one) + "\n")


def tell_error(arguments: Namespace, error: LifetideError) -> None:
    """The same for a command that refuses: a case for each problem, with its file and line where it names them."""
    suite = f"lifetide {arguments.command}"
    problems = error.problems or (str(error),)
    tell(arguments, [_case(suite, problem) for problem in problems])


def _case(suite: str, problem: str) -> Case:
    found = PLACE.fullmatch(problem)
    if found is None:
        return Case(suite, suite, problem)
    where = f"{found['file']}:{found['line']}"
    return Case(suite, where, found["said"], file=found["file"], line=int(found["line"]))


def cases_of_checks(results: Iterable[CheckResult]) -> list[Case]:
    """A suite for each table, a case for each expectation."""
    return [
        Case(one.table, one.check, None if one.success else f"{one.why} Seen: {one.observed}", one.severity)
        for one in results
    ]


def cases_of_changes(found: Iterable[Change], limit: float | None, files: dict[str, str]) -> list[Case]:
    """A case for each audience that differs; those beyond the limit fail. `files` by key, where there is one."""
    suite = "lifetide diff"
    cases = [Case(suite, one.key, beyond(one, limit), file=files.get(one.key), line=1) for one in found]
    return cases or [Case(suite, "no audience differs")]


def beyond(one: Change, limit: float | None) -> str | None:
    """Why a change is refused, if it is."""
    if limit is None or one.shift is None or one.shift <= limit:
        return None
    return f"{one.key} moves {one.shift:.1%} of its members, more than {limit:.0%}"


def junit(cases: Sequence[Case]) -> str:
    """The shape testsuites > testsuite > testcase > failure; what only warns is `skipped`, with its message."""
    whole = Xml.Element("testsuites", {"name": "lifetide", **_counts(cases)})
    for suite in dict.fromkeys(one.suite for one in cases):
        inside = [one for one in cases if one.suite == suite]
        part = Xml.SubElement(whole, "testsuite", {"name": _text(suite), "errors": "0", **_counts(inside)})
        for one in inside:
            case = Xml.SubElement(part, "testcase", {"classname": _text(suite), "name": _text(one.name), "time": "0"})
            if one.problem is not None:
                tag = "failure" if _fails(one) else "skipped"
                kind = {"type": str(one.severity)} if _fails(one) else {}
                Xml.SubElement(case, tag, {"message": _text(one.problem), **kind}).text = _text(one.problem)
    Xml.indent(whole)
    return "<?xml version='1.0' encoding='utf-8'?>\n" + Xml.tostring(whole, encoding="unicode") + "\n"


def _counts(cases: Sequence[Case]) -> dict[str, str]:
    failures = sum(_fails(one) for one in cases)
    skipped = sum(one.problem is not None for one in cases) - failures
    return {"tests": str(len(cases)), "failures": str(failures), "skipped": str(skipped), "time": "0"}


def _fails(one: Case) -> bool:
    return one.problem is not None and one.severity is Severity.CRITICAL


def _text(text: str) -> str:
    """Text without characters that XML cannot hold."""
    return NOT_XML.sub("�", text)


def github(one: Case) -> str:
    """A workflow command, with all that could end it early escaped."""
    place = {"title": f"{one.suite}: {one.name}" if one.file is None else one.suite}
    if one.file is not None:
        place = {"file": one.file, "line": str(one.line or 1), **place}
    said = ",".join(
        f"{name}={_escaped(value).replace(':', '%3A').replace(',', '%2C')}" for name, value in place.items()
    )
    return f"::{'error' if _fails(one) else 'warning'} {said}::{_escaped(one.problem or '')}"


def _escaped(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
