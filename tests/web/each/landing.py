"""States of roster-invitation and roster-switcher."""

from playwright.sync_api import Page, expect

from tests.web.people import Person, Shape
from tests.web.states import LONG, Stage, button, offering, settled, state, waiting

LANDING = "<roster-invitation></roster-invitation>"
# Their addresses are as long as names.
LENGTHY = "Wilhelmina Featherstonehaugh-Cholmondeley"
SWITCHER = "<roster-switcher></roster-switcher>"


def _landing(stage: Stage, person: Person | None, link: str) -> Page:
    return settled(stage.show(LANDING, person, path=f"/bare#{link.partition('#')[2]}"))


def _invited(stage: Stage, role: int = -1) -> tuple[Person, Shape, str]:
    person = stage.system.person("Zoe Zimmer")
    invitation = stage.team.invite(person.email, stage.team.invitable()[role], message="Welcome aboard!")
    return person, invitation, stage.team.link(invitation)


@state
def landing_of_the_invited(stage: Stage) -> Page:
    person, _, link = _invited(stage)
    return _landing(stage, person, link)


@state
def landing_signed_out(stage: Stage) -> Page:
    return _landing(stage, None, _invited(stage)[2])


@state
def landing_of_somebody_else(stage: Stage) -> Page:
    return _landing(stage, stage.system.person(LENGTHY), _invited(stage)[2])


@state
def landing_for_the_invited_address_only(stage: Stage) -> Page:
    return _landing(stage, stage.system.person(LENGTHY), _invited(stage, 0)[2])


@state
def landing_unverified(stage: Stage) -> Page:
    person, _, link = _invited(stage, 0)
    return _landing(stage, Person(stage.system, {**person.claims, "email_verified": False}), link)


@state
def landing_too_late(stage: Stage) -> Page:
    person, invitation, link = _invited(stage)
    stage.team.owner.call("DELETE", stage.team.path("invitations", invitation["id"]))
    stage.watch.expect("409 POST /invitations/preview")
    return _landing(stage, person, link)


@state
def landing_of_a_member(stage: Stage) -> Page:
    person, invitation, link = _invited(stage)
    person.call("POST", stage.team.path("invitations", invitation["id"], "accept"))
    stage.watch.expect("409 POST /invitations/preview")
    return _landing(stage, person, link)


@state
def landing_without_a_link(stage: Stage) -> Page:
    return settled(stage.show(LANDING, stage.system.person(LENGTHY)))


@state
def landing_joined(stage: Stage) -> Page:
    page = landing_of_the_invited(stage)
    button(page, "Accept").click()
    expect(page.get_by_role("heading", name="You have joined Brightwater.")).to_be_visible()
    return settled(page)


@state
def landing_refused(stage: Stage) -> Page:
    page = landing_of_the_invited(stage)
    stage.network.refuse(409, "POST", "/accept", code="plan_limit")
    button(page, "Accept").click()
    expect(page.get_by_role("alert")).to_be_visible()
    return settled(page)


@state
def landing_of_no_invitation(stage: Stage) -> Page:
    stage.watch.expect("404 POST /invitations/preview")
    return _landing(stage, None, "#a.b.c.d")


@state
def landing_down(stage: Stage) -> Page:
    stage.network.refuse(503, "POST", "/invitations/preview", times=4, code="try_again")
    page = _landing(stage, None, "#a.b.c.d")
    return offering(page, "Try again")


@state
def landing_loading(stage: Stage) -> Page:
    stage.watch.expect("404 POST /invitations/preview")
    return waiting(
        stage, LANDING, "roster-invitation .skeletons", "/invitations/preview", method="POST", path="/bare#a.b.c.d"
    )


@state
def switcher(stage: Stage) -> Page:
    return settled(stage.show(SWITCHER, stage.team.owner))


@state
def switcher_open(stage: Stage) -> Page:
    owner = stage.team.owner
    for name in (LONG, "شركة النور"):
        owner.call("POST", "/organizations", {"name": name})
    other = stage.system.team(name="Oakfield")
    other.invite(owner.email, other.invitable()[-1])
    page = settled(stage.show(SWITCHER, owner))
    page.locator("roster-switcher [popovertarget]").click()
    return settled(page)


@state
def switcher_creating(stage: Stage) -> Page:
    page = switcher_open(stage)
    button(page, "Create organization").click()
    return settled(page)


@state
def switcher_refused(stage: Stage) -> Page:
    page = switcher_creating(stage)
    stage.network.refuse(409, "POST", "/organizations$", code="plan_limit")
    page.get_by_label("Organization name").fill("Difference Engines")
    button(page, "Create organization").click()
    expect(page.get_by_role("alert")).to_be_visible()
    return settled(page)


@state
def switcher_signed_out(stage: Stage) -> Page:
    return settled(stage.show(SWITCHER))


@state
def switcher_of_nobody(stage: Stage) -> Page:
    return settled(stage.show(SWITCHER, stage.system.person(LENGTHY)))
