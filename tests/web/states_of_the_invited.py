"""The states of the page of a link, and of the switcher."""

from typing import Any

from playwright.sync_api import Page, expect

from tests.web.people import Person, Shape
from tests.web.states import LONG, Stage, button, shown, state

LANDING = "<roster-invitation></roster-invitation>"
SWITCHER = "<roster-switcher></roster-switcher>"


def _link(stage: Stage, person: Person, role: int = -1, **more: Any) -> tuple[Shape, str]:
    team = stage.team
    invitation = team.invite(person.email, team.invitable()[role], **more)
    return invitation, team.link(invitation).partition("#")[2]


def _page(stage: Stage, token: str, person: Person | None = None) -> Page:
    return stage.show(LANDING, person, path=f"/bare#{token}")


@state
def invitation_of_oneself(stage: Stage) -> Page:
    zoe = stage.system.person("Zoe Zimmer")
    _, token = _link(stage, zoe, message="Welcome aboard!\n\nHave a look around.")
    page = _page(stage, token, zoe)
    expect(button(page, "Accept")).to_be_visible()
    return page


@state
def invitation_of_somebody_else(stage: Stage) -> Page:
    _, token = _link(stage, stage.system.person("Zoe Zimmer"))
    page = _page(stage, token, stage.system.person("Grace Hopper"))
    expect(button(page, "Use another account")).to_be_visible()
    return page


@state
def invitation_of_the_address_only(stage: Stage) -> Page:
    _, token = _link(stage, stage.system.person("Zoe Zimmer"), 0)
    return shown(_page(stage, token, stage.system.person("Grace Hopper")), "Only this address")


@state
def invitation_unverified(stage: Stage) -> Page:
    person = stage.system.person(email_verified=False)
    _, token = _link(stage, person)
    return shown(_page(stage, token, person), "is not verified")


@state
def invitation_signed_out(stage: Stage) -> Page:
    _, token = _link(stage, stage.system.person("Zoe Zimmer"))
    page = _page(stage, token)
    expect(button(page, "Sign in")).to_be_visible()
    return page


@state
def invitation_of_a_member(stage: Stage) -> Page:
    _, token = _link(stage, stage.system.person("Zoe Zimmer"))
    return shown(_page(stage, token, stage.team.owner), "You are a member of")


@state
def invitation_canceled(stage: Stage) -> Page:
    invitation, token = _link(stage, stage.system.person("Zoe Zimmer"))
    stage.team.owner.call("DELETE", stage.team.path("invitations", invitation["id"]))
    stage.watch.expect("409 POST /invitations/preview")
    return shown(_page(stage, token), "This invitation has been canceled.")


@state
def invitation_used(stage: Stage) -> Page:
    zoe = stage.system.person("Zoe Zimmer")
    invitation, token = _link(stage, zoe)
    zoe.call("POST", stage.team.path("invitations", invitation["id"], "accept"))
    stage.watch.expect("409 POST /invitations/preview")
    page = _page(stage, token, zoe)
    expect(button(page, "Open Brightwater")).to_be_visible()
    return page


@state
def invitation_unknown(stage: Stage) -> Page:
    stage.watch.expect("404 POST /invitations/preview")
    return shown(_page(stage, "a.b.c.d"), "There is no such invitation.")


@state
def invitation_accepted(stage: Stage) -> Page:
    page = invitation_of_oneself(stage)
    button(page, "Accept").click()
    return shown(page, "You have joined")


@state
def invitation_refused(stage: Stage) -> Page:
    page = invitation_of_oneself(stage)
    stage.network.refuse(409, "POST", "/accept", code="plan_limit")
    button(page, "Accept").click()
    expect(page.get_by_role("alert")).to_be_visible()
    return page


@state
def invitation_down(stage: Stage) -> Page:
    stage.network.lose_request("POST", "/invitations/preview", times=4)
    page = _page(stage, "a.b.c.d")
    expect(button(page, "Try again")).to_be_visible()
    return page


@state
def invitation_loading(stage: Stage) -> Page:
    stage.watch.expect("404 POST /invitations/preview")
    stage.at_the_end.enter_context(stage.network.held("POST", "/invitations/preview"))
    page = _page(stage, "a.b.c.d")
    expect(page.locator("roster-invitation .skeletons")).to_be_attached()
    return page


@state
def invitation_none(stage: Stage) -> Page:
    return shown(stage.show(LANDING, stage.system.person()), "No open invitations.")


def _owner(stage: Stage) -> Person:
    person = stage.system.person("Ada Lovelace")
    for name in ("Analytical Engines", LONG, "شركة النور"):
        person.call("POST", "/organizations", {"name": name})
    stage.team.invite(person.email, stage.team.invitable()[-1])
    return person


def _switcher(stage: Stage) -> Page:
    page = stage.show(SWITCHER, _owner(stage))
    button(page, "Analytical Engines").click()
    expect(button(page, "Create organization")).to_be_visible()
    expect(button(page, "Accept")).to_be_visible()
    return page


@state
def switcher_closed(stage: Stage) -> Page:
    page = stage.show(SWITCHER, _owner(stage))
    expect(button(page, "Analytical Engines")).to_be_visible()
    return page


@state
def switcher_open(stage: Stage) -> Page:
    return _switcher(stage)


@state
def switcher_creating(stage: Stage) -> Page:
    page = _switcher(stage)
    button(page, "Create organization").click()
    stage.network.refuse(422, "POST", "/organizations", code="invalid_request")
    page.get_by_label("Organization name").fill("Difference")
    button(page, "Create organization").click()
    expect(page.get_by_role("alert")).to_be_visible()
    return page


@state
def switcher_of_nobody(stage: Stage) -> Page:
    page = stage.show(SWITCHER)
    expect(button(page, "Sign in")).to_be_visible()
    return page


@state
def switcher_of_none(stage: Stage) -> Page:
    return shown(stage.show(SWITCHER, stage.system.person()), "Your organizations")
