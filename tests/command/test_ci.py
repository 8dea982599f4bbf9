"""JUnit XML and GitHub's notes, as build servers read them."""

from __future__ import annotations

import json
import shlex
from argparse import Namespace
from pathlib import Path
from xml.etree import ElementTree as Xml

import pytest
import yaml

from lifetide.command import main
from lifetide.command.ci import Case, cases_of_changes, cases_of_checks, github, junit, tell_error
from lifetide.command.parser import parser
from lifetide.errors import DefinitionError
from lifetide.gates import CheckResult
from lifetide.pipelines.comparing import Change, Side
from lifetide.vocabulary import Severity

ROOT = Path(__file__).parents[2]
RULE = "{field: is_rate_drop, operator: '=', value: true}"
GOOD = f"spec: lifetide.audience/v1\nkey: good\nname: Good\nrule:\n  rules:\n  - {RULE}\n"
OPEN = GOOD.replace("key: good", "key: open").replace(RULE, "{rules: []}")
BAD = GOOD.replace("key: good", "key: bad").replace("is_rate_drop", "is_rate_drip")

SHAPE = {
    "testsuites": ({"name", "tests", "failures", "skipped", "time"}, {"testsuite"}),
    "testsuite": ({"name", "tests", "failures", "errors", "skipped", "time"}, {"testcase"}),
    "testcase": ({"classname", "name", "time"}, {"failure", "skipped"}),
    "failure": ({"message", "type"}, set()),
    "skipped": ({"message"}, set()),
}
"""Elements with their attributes and children: what Jenkins, GitLab, Azure and GitHub's reporters read."""


def read(text: str) -> Xml.Element:
    """The document, held against the shape, counts included."""
    root = Xml.fromstring(text)
    assert root.tag == "testsuites"
    for one in root.iter():
        attributes, children = SHAPE[one.tag]
        assert set(one.attrib) == attributes
        assert {child.tag for child in one} <= children
    for one in (root, *root.iter("testsuite")):
        assert int(one.attrib["tests"]) == len(list(one.iter("testcase")))
        assert int(one.attrib["failures"]) == len(list(one.iter("failure")))
        assert int(one.attrib["skipped"]) == len(list(one.iter("skipped")))
    return root


def test_checks_are_cases_by_table_and_only_a_critical_one_fails():
    checks = [
        CheckResult("orders", "unique order_id", Severity.CRITICAL, True, None, "an order is one row"),
        CheckResult("orders", "net_revenue >= 0", Severity.WARNING, False, "8 rows", "more given back than bought"),
        CheckResult("events", "not null event_id", Severity.CRITICAL, False, "1 < 2 & \x00", "an event has an id"),
    ]
    root = read(junit(cases_of_checks(checks)))
    assert [(one.attrib["name"], one.attrib["failures"], one.attrib["skipped"]) for one in root] == [
        ("orders", "0", "1"), ("events", "1", "0"),
    ]  # fmt: skip
    failure = next(root.iter("failure"))
    assert failure.attrib == {"type": "critical", "message": "an event has an id Seen: 1 < 2 & �"}
    assert failure.text == failure.attrib["message"]


def change(key: str, entered: int) -> Change:
    return Change(key, "changed", "", Side(100, None, None, None), Side(100, None, None, None), entered, 0)


def test_an_audience_beyond_the_limit_fails_with_its_file_and_the_others_pass():
    found = [change("calm", 20), change("wild", 21)]
    cases = cases_of_changes(found, 0.2, {"wild": "audiences/wild.yaml"})
    assert [(one.name, one.problem, one.file) for one in cases] == [
        ("calm", None, None), ("wild", "wild moves 21.0% of its members, more than 20%", "audiences/wild.yaml"),
    ]  # fmt: skip
    assert read(junit(cases)).attrib["failures"] == "1"
    assert [one.problem for one in cases_of_changes(found, None, {})] == [None, None]
    assert [one.name for one in cases_of_changes([], 0.2, {})] == ["no audience differs"]


def test_a_note_cannot_be_ended_early_or_start_another():
    wrong = Case("lifetide diff", "a", "50% off\n::error::own", file="audiences/a,b:c.yaml", line=6)
    assert github(wrong) == (
        "::error file=audiences/a%2Cb%3Ac.yaml,line=6,title=lifetide diff::50%25 off%0A::error::own"
    )
    assert github(Case("orders", "unique", "why", Severity.WARNING)) == "::warning title=orders%3A unique::why"


def test_a_refusal_names_file_and_line_of_each_problem(tmp_path, capsys):
    error = DefinitionError("wrong:", ["audiences/a.yaml:6: rule: no", "main:audiences/b.yaml:1: key: no", "else"])
    tell_error(Namespace(command="diff", junit=tmp_path / "out" / "r.xml", annotations="github"), error)
    root = read((tmp_path / "out" / "r.xml").read_text())
    assert [one.attrib["name"] for one in root.iter("testcase")] == [
        "audiences/a.yaml:6", "lifetide diff", "lifetide diff",
    ]  # fmt: skip
    assert capsys.readouterr().err.splitlines() == [
        "::error file=audiences/a.yaml,line=6,title=lifetide diff::rule: no",
        "::error title=lifetide diff%3A lifetide diff::main:audiences/b.yaml:1: key: no",
        "::error title=lifetide diff%3A lifetide diff::else",
    ]


def folder_with(tmp_path: Path, **files: str) -> Path:
    for name, text in files.items():
        (tmp_path / f"{name}.yaml").write_text(text)
    return tmp_path


@pytest.mark.parametrize("is_bad", [False, True])
def test_validate_tells_the_build_server(tmp_path, capsys, monkeypatch, is_bad):
    folder_with(tmp_path, good=GOOD, open=OPEN, **({"bad": BAD} if is_bad else {}))
    monkeypatch.chdir(tmp_path)
    words = ["audiences", "validate", "--folder", ".", "--junit", "r.xml", "--annotations", "github"]
    assert main(words) == (2 if is_bad else 0)
    notes = [line for line in capsys.readouterr().err.splitlines() if line.startswith("::")]
    root = read((tmp_path / "r.xml").read_text())
    if is_bad:
        message = "'is_rate_drip' is not a field; did you mean is_rate_drop?"
        assert notes == [f"::error file=bad.yaml,line=6,title=lifetide audiences::rule.rules[0].field: {message}"]
        assert root.attrib["failures"] == "1"
    else:
        assert notes == [
            "::warning file=open.yaml,line=6,title=lifetide audiences::"
            "rule.rules[0]: a group without rules holds for everyone"
        ]
        assert (root.attrib["tests"], root.attrib["failures"], root.attrib["skipped"]) == ("2", "0", "1")


def test_a_note_names_file_and_line_of_a_folder_and_of_a_file(tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(folder_with(tmp_path, good=GOOD, open=OPEN))
    said = "rule.rules[0]: a group without rules holds for everyone"
    for words in (["--folder", "."], ["open.yaml"]):
        assert main(["audiences", "validate", *words, "--json"]) == 0
        note, _, told = capsys.readouterr().out.splitlines()
        assert note == f"note: open.yaml:6: {said}"
        assert json.loads(told)["notes"] == {"open.yaml": [{"line": 6, "said": said}]}


def test_the_workflow_that_people_copy_calls_commands_that_are_understood():
    workflow = yaml.safe_load((ROOT / "notebooks" / "guides" / "audiences_workflow.yml").read_text())
    steps = workflow["jobs"]["audiences"]["steps"]
    calls = [one["run"] for one in steps if one.get("run", "").startswith("lifetide ")]
    assert len(calls) == 2
    for call in calls:
        words = shlex.split(call.partition(">")[0])[1:]
        assert parser().parse_args(words).junit.parent.name == "reports"


def test_nothing_is_told_unasked(tmp_path, capsys):
    assert main(["audiences", "validate", "--folder", str(folder_with(tmp_path, good=GOOD))]) == 0
    assert capsys.readouterr().out == "1 definition is valid.\n"
