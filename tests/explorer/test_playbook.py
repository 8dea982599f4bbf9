from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from explorer.typed_facts import wholesaler
from lifetide.errors import SettingsError
from lifetide.explorer.playbook import KINDS, Play, playbook
from lifetide.explorer.report import report_page
from lifetide.explorer.story import WIN_BACK_ORDER, first_steps
from lifetide.vocabulary import CustomerStage, Importance, LifecycleGroup, Loyalty, RfmSegment, RfmStage

NO_PLAY_NEEDED = {"importance": {Importance.VIP}, "loyalty": {Loyalty.ONE_TIME}}


def written(folder: Path, text: str) -> Path:
    path = folder / "own.toml"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize("kind", KINDS)
def test_every_word_has_a_goal_and_something_to_do(kind: str) -> None:
    plays = getattr(playbook(), kind)
    assert set(plays) == NO_PLAY_NEEDED.get(kind, set(KINDS[kind]))
    assert all(play.goal.endswith(".") and play.actions for play in plays.values())
    assert all(len(play.goal) <= 70 for play in plays.values())


def test_money_is_spent_on_those_worth_most_first() -> None:
    plays = playbook().segment
    ordered = [*WIN_BACK_ORDER, RfmSegment.HIBERNATING, RfmSegment.LOST]
    shares = [plays[segment].budget_share or 0.0 for segment in ordered]
    assert shares == sorted(set(shares), reverse=True)
    assert 0 < shares[-1] < shares[0] < 1
    assert {segment for segment in RfmSegment if plays[segment].budget_share is not None} == set(ordered)


def test_nobody_pays_to_bring_back_who_never_left() -> None:
    plays = playbook().lifecycle
    assert plays[LifecycleGroup.JUST_ORDERED].paid_reactivation is False
    assert plays[LifecycleGroup.ACTIVE].paid_reactivation is False
    assert plays[LifecycleGroup.SLIPPING_AWAY].paid_reactivation is True
    assert plays[LifecycleGroup.LOST].paid_reactivation is True


def test_a_play_of_ones_own_comes_first_and_leaves_the_others(tmp_path: Path) -> None:
    own = playbook(
        written(tmp_path, '[segment.at_risk]\ngoal = "Ring the bell."\nactions = ["Ring."]\nbudget_share = 0.4\n')
    )
    assert own.segment[RfmSegment.AT_RISK] == Play("Ring the bell.", ("Ring.",), None, 0.4)
    assert own.segment[RfmSegment.LOYAL] == playbook().segment[RfmSegment.LOYAL]
    assert own.rfm_stage == playbook().rfm_stage
    assert set(own.customer_stage) == set(CustomerStage)
    assert set(own.rfm_stage) == set(RfmStage)
    facts = replace(wholesaler(), playbook=own)
    assert "Ring the bell." in report_page(facts)
    assert "Ring the bell." in [step.what for step in first_steps(facts)]


def test_everything_wrong_with_a_file_is_told_at_once(tmp_path: Path) -> None:
    text = """
        [segmnt.at_risk]
        goal = "x"
        [segment.at_rsk]
        goal = "x"
        [segment.loyal]
        actions = "call"
        paid_reactivation = "no"
        budget_share = 12
        colour = "red"
    """
    with pytest.raises(SettingsError, match=r"The playbook .*own\.toml is not right") as raised:
        playbook(written(tmp_path, text))
    assert raised.value.problems == (
        "segmnt: unknown key; did you mean segment?",
        "segment.at_rsk: unknown key; did you mean at_risk?",
        "segment.loyal.colour: unknown key; known keys are actions, budget_share, goal, paid_reactivation",
        "segment.loyal.paid_reactivation: must be true or false, it is 'no'",
        "segment.loyal.actions: must be a list of texts, it is 'call'",
        "segment.loyal.goal: missing; it is required",
        "segment.loyal.budget_share: must be a number from 0 to 1, it is 12",
    )


def test_a_file_that_is_not_there_or_no_toml_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"No playbook can be read at .*none\.toml"):
        playbook(tmp_path / "none.toml")
    with pytest.raises(SettingsError, match=r"own\.toml is not valid TOML"):
        playbook(written(tmp_path, "goal = \n"))
