"""States of roster-invite and roster-invitations."""

from playwright.sync_api import Page

from tests.web.bare import settle
from tests.web.people import Person
from tests.web.states import Stage, act, button, dialog, offering, settled, shown, state

INVITE = "<roster-invite></roster-invite>"
INVITATIONS = "<roster-invitations></roster-invitations>"


def _dialog(stage: Stage, person: Person) -> Page:
    page = settled(stage.show(INVITE, person))
    page.locator("roster-invite").evaluate("(element) => element.open()")
    dialog(page)
    settle(page)
    return page


def _paste(page: Page, text: str) -> None:
    page.get_by_role("textbox", name="Email addresses", exact=True).fill(text)


@state
def invite(stage: Stage) -> Page:
    return _dialog(stage, stage.team.owner)


@state
def invite_typed(stage: Stage) -> Page:
    page = _dialog(stage, stage.team.owner)
    _paste(page, "Zoe Zimmer <zoe@example.com>, ben@example.com; not-an-address,\n" + "long." * 12 + "name@example.com")
    return page


@state
def invite_partly_sent(stage: Stage) -> Page:
    member = stage.team.add(stage.team.invitable()[-1])
    page = _dialog(stage, stage.team.owner)
    _paste(page, f"ben@example.com {member.email} nobody@host.test")
    button(page, "Send invitations").click()
    return shown(page, "1 sent, 2 not sent.")


@state
def invite_outcome_unknown(stage: Stage) -> Page:
    page = _dialog(stage, stage.team.owner)
    _paste(page, "ben@example.com")
    stage.network.lose_answer("POST", "/batch", times=-1)
    button(page, "Send invitations").click()
    return offering(page, "Try again")


@state
def invite_unverified(stage: Stage) -> Page:
    person = stage.system.person(email_verified=False)
    person.call("POST", "/organizations", {"name": "Unverified"})
    return _dialog(stage, person)


@state
def invitations_in_every_state(stage: Stage) -> Page:
    return settled(stage.show(INVITATIONS, stage.system.seeded().team.owner))


@state
def invitations_none(stage: Stage) -> Page:
    return settled(stage.show(INVITATIONS, stage.team.owner))


def _listed(stage: Stage) -> Page:
    stage.team.invite("zoe@example.com", stage.team.invitable()[-1], message="Welcome aboard!")
    return settled(stage.show(INVITATIONS, stage.team.owner))


@state
def invitations_menu(stage: Stage) -> Page:
    page = _listed(stage)
    button(page, "More for zoe@example.com").click()
    return page


@state
def invitations_asking_to_cancel(stage: Stage) -> Page:
    page = _listed(stage)
    act(page, "zoe@example.com", "Cancel invitation")
    dialog(page)
    return page


@state
def invitations_asking_to_resend(stage: Stage) -> Page:
    page = _listed(stage)
    act(page, "zoe@example.com", "Resend")
    dialog(page)
    return page


@state
def invite_without_room_for_a_role(stage: Stage) -> Page:
    stage.team.plan(next(iter(stage.system.pack.plans)))
    return shown(_dialog(stage, stage.team.owner), "Choose another role, or upgrade.")


@state
def invite_message_refused(stage: Stage) -> Page:
    page = _dialog(stage, stage.team.owner)
    page.get_by_label("Message").fill("www.example.com " * 30)
    return shown(page, "A message cannot contain web addresses.")


@state
def invitations_link_by_hand(stage: Stage) -> Page:
    page = _listed(stage)
    page.evaluate("Object.defineProperty(navigator, 'clipboard', { value: undefined })")
    act(page, "zoe@example.com", "Copy link")
    dialog(page)
    return page


@state
def invitations_with_a_long_address(stage: Stage) -> Page:
    stage.team.invite(f"{'name' * 16}@{'long.' * 34}example.com", stage.team.invitable()[0])
    return settled(stage.show(INVITATIONS, stage.team.owner))


@state
def invitations_not_permitted(stage: Stage) -> Page:
    member = stage.team.add(stage.team.invitable()[-1])
    return shown(stage.show(INVITATIONS, member), "Your role does not allow this.")


@state
def invitations_down(stage: Stage) -> Page:
    stage.network.lose_request("GET", "/invitations", times=4)
    page = stage.show(INVITATIONS, stage.team.owner)
    return offering(page, "Try again")
