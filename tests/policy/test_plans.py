"""Plans of an invented pack: those that it knows, and the least of all for one that it does not know."""

from dataclasses import replace
from datetime import timedelta

from roster.policy.pack import Plan
from tests.policy.kingdom import KINGDOM

VILLAGE, EMPIRE = KINGDOM.plans["village"], KINGDOM.plans["empire"]


def test_a_plan_is_what_the_pack_says_of_it() -> None:
    assert KINGDOM.first_plan is VILLAGE
    assert KINGDOM.plan("village") is VILLAGE
    assert KINGDOM.plan("empire") is EMPIRE


def test_an_unknown_plan_grants_the_least_of_all_and_keeps_events_longest() -> None:
    assert KINGDOM.plan("hamlet") == Plan(
        name="hamlet",
        title="hamlet",
        owners=1,
        members=100,
        organizations=None,
        custom_roles=False,
        invitations_per_day=7,
        activity_kept=None,
    )


def test_an_unknown_plan_keeps_events_as_long_as_the_longest_does_where_none_keeps_them_for_good() -> None:
    weeks = replace(EMPIRE, activity_kept=timedelta(days=14), members=20, invitations_per_day=3)
    least = replace(KINGDOM, plans={"village": VILLAGE, "empire": weeks}).plan("hamlet")

    assert least.activity_kept == timedelta(days=30)
    assert (least.members, least.invitations_per_day) == (20, 3)


def test_organizations_are_capped_if_any_plan_caps_them() -> None:
    capped = replace(KINGDOM, plans={"village": replace(VILLAGE, organizations=3), "empire": EMPIRE})

    assert not KINGDOM.caps_organizations
    assert capped.caps_organizations
    assert capped.plan("hamlet").organizations == 3
