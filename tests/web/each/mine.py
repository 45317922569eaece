"""States of roster-my-invitations."""

from typing import Any

from playwright.sync_api import Page, expect

from tests.web.people import Person
from tests.web.states import LONG, Stage, button, offering, shown, state, waiting

MINE = "<roster-my-invitations></roster-my-invitations>"


def _invited(stage: Stage, **more: Any) -> Person:
    person = stage.system.person("Zoe Zimmer")
    stage.team.invite(person.email, stage.team.invitable()[-1], **more)
    return person


@state
def mine_one(stage: Stage) -> Page:
    page = stage.show(MINE, _invited(stage, message="Welcome aboard!\n\nHave a look around."))
    return offering(page, "Accept")


@state
def mine_several(stage: Stage) -> Page:
    person = _invited(stage)
    for name in (LONG, "شركة النور"):
        other = stage.system.team(name=name)
        other.invite(person.email, *other.invitable()[:1])
    page = stage.show(MINE, person)
    expect(button(page, "Accept")).to_have_count(3)
    return page


@state
def mine_none(stage: Stage) -> Page:
    return shown(stage.show(MINE, stage.system.person()), "No open invitations.")


@state
def mine_unverified(stage: Stage) -> Page:
    return shown(stage.show(MINE, stage.system.person(email_verified=False)), "is not verified")


@state
def mine_signed_out(stage: Stage) -> Page:
    page = stage.show(MINE)
    return offering(page, "Sign in")


@state
def mine_loading(stage: Stage) -> Page:
    return waiting(stage, MINE, "roster-my-invitations .skeletons", "/me/invitations", person=stage.system.person())


@state
def mine_down(stage: Stage) -> Page:
    stage.network.refuse(500, "*", "/me", times=-1)
    page = stage.show(MINE, stage.system.person())
    return offering(page, "Try again")


@state
def mine_plan_is_full(stage: Stage) -> Page:
    person = _invited(stage)
    page = stage.show(MINE, person)
    stage.network.refuse(409, "POST", "accept", code="plan_limit")
    button(page, "Accept").click()
    expect(page.get_by_role("alert")).to_be_visible()
    return page
