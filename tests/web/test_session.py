"""roster-session: who is signed in, who signs in next, and what a change of an earlier person may still do: nothing."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.web.bare import heard, settle, sign_in
from tests.web.network import Network
from tests.web.people import System, Team
from tests.web.states import act, button, confirming
from tests.web.watch import Watch

type Host = Callable[..., Page]

SETTINGS = "<roster-settings></roster-settings>"
# As frameworks do at each rendering.
NEW_FUNCTION = """() => {
  const session = document.querySelector('roster-session');
  session.getToken = async () => host.token;
}"""


def test_a_change_whose_outcome_is_unknown_is_nothing_to_the_next_person(
    host: Host, team: Team, network: Network
) -> None:
    other = team.add(team.invitable()[-1])
    page = host(SETTINGS, person=team.owner)
    network.lose_request("PATCH", "/me", times=4)
    page.get_by_role("checkbox", name="Mail about others").uncheck()
    page.locator("form", has=page.get_by_role("checkbox", name="Mail about others")).get_by_role("button").click()
    expect(button(page, "Try again")).to_be_visible()

    sign_in(page, other)

    expect(button(page, "Leave organization")).to_be_visible()
    expect(button(page, "Try again")).to_have_count(0)
    expect(page.get_by_role("alert")).to_have_count(0)
    assert other.call("PUT", "/me")["email_notifications"] is True


def test_an_invitation_that_was_being_accepted_is_not_shown_to_the_next_person(
    host: Host, team: Team, system: System, network: Network
) -> None:
    invited, other = system.person(), system.person()
    team.invite(invited.email, team.invitable()[-1], message="For your eyes alone.")
    page = host("<roster-my-invitations></roster-my-invitations>", person=invited)
    network.lose_request("POST", "accept", times=4)
    button(page, "Accept").click()
    expect(button(page, "Try again")).to_be_visible()

    sign_in(page, other)

    expect(page.get_by_text("No open invitations.")).to_be_visible()
    expect(page.get_by_text("For your eyes alone.")).to_have_count(0)


def test_another_function_for_tokens_is_not_another_person(host: Host, team: Team, network: Network) -> None:
    page = host("<roster-invite></roster-invite>", person=team.owner)
    settle(page)
    page.locator("roster-invite").evaluate("(element) => element.open()")
    page.get_by_role("textbox", name="Email addresses").fill("mary@example.com")

    page.evaluate(NEW_FUNCTION)
    settle(page)

    expect(page.get_by_role("textbox", name="Email addresses")).to_have_value("mary@example.com")
    assert len(network.calls("PUT", "/me")) == 1


def test_an_open_dialog_speaks_the_language_that_is_chosen_meanwhile(host: Host, team: Team) -> None:
    team.add(team.invitable()[-1], name="Zed Zorn")
    page = host("<roster-members></roster-members>", person=team.owner)
    act(page, "Zed Zorn", "Remove")
    expect(page.get_by_role("dialog", name="Remove Zed Zorn?")).to_be_visible()

    page.locator("roster-session").evaluate("(session) => { session.locale = 'de'; }")

    dialog = page.get_by_role("dialog", name="Zed Zorn entfernen?")
    expect(dialog.get_by_role("paragraph")).to_contain_text("Zed Zorn verliert sofort den Zugang zu Acme")
    expect(dialog.get_by_role("button")).to_have_text(["Abbrechen", "Entfernen"])


def test_a_dialog_that_went_away_with_its_person_does_not_come_back(host: Host, team: Team) -> None:
    team.add(team.invitable()[-1], name="Zed Zorn")
    page = host("<roster-members></roster-members>", person=team.owner)
    act(page, "Zed Zorn", "Remove")
    expect(page.get_by_role("dialog", name="Remove Zed Zorn?")).to_be_visible()

    sign_in(page, team.owner)
    settle(page)
    act(page, "Zed Zorn", "Change role")

    expect(page.get_by_role("dialog")).to_have_count(1)
    expect(confirming(page)).to_have_accessible_name("Change role")


def test_the_host_may_say_who_is_signed_in_before_it_says_how_to_ask(host: Host, team: Team, network: Network) -> None:
    me = team.owner.call("PUT", "/me")
    page = host(SETTINGS, person=team.owner, session="host-signs-in")
    page.evaluate("(me) => { document.querySelector('roster-session').me = me }", me)

    expect(page.get_by_label("Organization name")).to_be_visible()
    page.evaluate("(me) => { const s = document.querySelector('roster-session'); s.reset(); s.me = me }", me)
    expect(page.get_by_label("Organization name")).to_be_visible()
    assert network.calls("PUT", "/me") == []


def test_a_box_that_somebody_else_has_changed_is_shown_and_not_overwritten(
    host: Host, team: Team, watch: Watch
) -> None:
    watch.expect("412 PATCH")
    page = host(SETTINGS, person=team.owner)
    mail = page.get_by_role("checkbox", name="Mail of the organization")
    saves = page.locator("form", has=mail).get_by_role("button")
    mail.uncheck()
    saves.click()
    expect(page.locator("roster-settings").get_by_role("status").first).to_have_text("Saved")
    settle(page)
    team.owner.call("PATCH", team.path(), {"email_notifications": True})

    page.get_by_label("Organization name").fill("Difference Engines")
    page.locator("form", has=page.get_by_label("Organization name")).get_by_role("button").click()
    settle(page)
    expect(page.get_by_role("alert")).to_have_count(1)  # it has changed meanwhile, and is read anew
    expect(mail).to_be_checked()

    page.get_by_role("combobox", name="Language of its mail").select_option("de")
    saves.click()
    settle(page)
    assert team.owner.call("GET", team.path())["email_notifications"] is True


def test_saving_by_keyboard_keeps_the_focus(host: Host, team: Team) -> None:
    page = host(SETTINGS, person=team.owner, events=["roster-change"])
    field = page.get_by_label("Organization name")
    field.fill("Difference Engines")
    field.press("Tab")
    page.keyboard.press("Enter")

    expect(page.locator("roster-settings").get_by_role("status").first).to_have_text("Saved")
    expect(page.locator("form", has=field).get_by_role("button")).to_be_focused()
    assert len(heard(page)) == 1
