"""The demo's app, as `make run` serves it: the tools beside the product, and what the product shows."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest
from playwright.sync_api import Locator, Page, expect

from local.ports import DEMO_BELOW, listen
from tests.local.test_server import PATIENCE, _refused, demo_origin, started
from tests.web import axe
from tests.web.conftest import Open
from tests.web.network import Network
from tests.web.people import Shape, System, serving
from tests.web.watch import Watch

type At = Callable[..., Page]


@pytest.fixture(scope="module")
def system() -> Iterator[System]:
    """A server of this file's own: other tests' people must not be seeded away."""
    with serving("certificates") as system:  # in which the members are limited, and so there is something to upgrade
        yield system


@pytest.fixture
def seeds(system: System) -> Shape:
    """What is seeded anew for a test, with the clock set right. Others want no more than what is always there."""
    system.client.post("/_local/reset").raise_for_status()
    seeds: Shape = system.client.post("/_local/seed").json()
    return seeds


@pytest.fixture
def at(open_page: Open, network: Network) -> At:
    """Opens a page of the app, as somebody who has never been here."""

    def opened(path: str, **context: Any) -> Page:
        page = open_page(**context)
        page.goto(f"{network.app}{path}")
        return page

    return opened


def tool(page: Page, name: str) -> Locator:
    """A button of the demo's own tools."""
    return page.get_by_role("region", name="Demo tools").get_by_role("button", name=name, exact=True)


def status(page: Page) -> Locator:
    """What the demo's own tools say."""
    return page.get_by_role("region", name="Demo tools").get_by_role("status")


def here(page: Page, sentence: str) -> None:
    """See that the product says who one is in it."""
    expect(page.get_by_text(sentence)).to_be_visible()


def decisions(page: Page) -> dict[str, str]:
    """What the product says that one may do, by its title."""
    rows = [row.split("\n") for row in page.get_by_role("listitem").all_inner_texts() if row.endswith("llowed")]
    return dict(rows)


# ---- Who is signed in ------------------------------------------------------------------------------------------------


def test_who_is_here_for_the_first_time_is_signed_in_and_sees_what_was_seeded(at: At, seeds: Shape) -> None:
    page = at("/")

    expect(tool(page, "Ann")).to_have_attribute("aria-pressed", "true")
    here(page, "In Brightwater, as Admin.")
    expect(page.get_by_role("heading", name="Oakfield")).to_be_visible()
    names = [person["name"].split()[0] for person in seeds["people"]]
    assert page.get_by_role("group", name="Sign in as").get_by_role("button").all_inner_texts() == names


def test_who_was_picked_stays_signed_in_when_the_page_is_loaded_anew(at: At) -> None:
    page = at("/")
    tool(page, "Carol").click()
    here(page, "In Brightwater, as User.")

    page.reload()

    expect(tool(page, "Carol")).to_have_attribute("aria-pressed", "true")
    here(page, "In Brightwater, as User.")


def test_anybody_may_sign_in_by_an_address_and_stays_signed_out_after_signing_out(at: At) -> None:
    page = at("/")
    page.get_by_role("textbox", name="Address").fill("Zoe@example.com")
    tool(page, "Sign in").click()
    expect(tool(page, "Zoe")).to_have_attribute("aria-pressed", "true")
    here(page, "You belong to no organization yet.")

    tool(page, "Sign out").click()
    here(page, "Sign in to see it.")
    page.reload()

    here(page, "Sign in to see it.")
    expect(tool(page, "Sign out")).to_be_hidden()


def test_an_address_can_be_given_once_the_people_are_there(at: At, network: Network) -> None:
    with network.held("GET", "/_local/seed") as held:
        page = at("/", width=320)
        held.wait()
        expect(page.get_by_role("textbox", name="Address")).to_be_disabled()
        expect(tool(page, "Sign in")).to_be_disabled()
        held.release()

        expect(page.get_by_role("textbox", name="Address")).to_be_enabled()
        assert tool(page, "Sign in").is_enabled()
        assert tool(page, "Ann").is_visible()


def test_an_element_that_asks_for_a_sign_in_gets_the_demos(at: At) -> None:
    page = at("/")
    tool(page, "Sign out").click()
    page.locator("roster-my-invitations").get_by_role("button", name="Sign in").click()
    dialog = page.get_by_role("dialog", name="Sign in")
    dialog.get_by_role("button", name="Sign in").click()
    expect(dialog.get_by_role("alert")).to_have_text("Give an address, such as ann@example.com.")

    dialog.get_by_role("textbox", name="Address").fill("ann@example.com")
    dialog.get_by_role("button", name="Sign in").click()

    expect(dialog).to_be_hidden()
    here(page, "In Brightwater, as Admin.")


# ---- The product -----------------------------------------------------------------------------------------------------


def test_what_one_may_do_in_the_product_is_what_the_api_answers(at: At, system: System, seeds: Shape) -> None:
    own = system.client.get("/_local/pack").json()["permissions"]
    organization = seeds["organizations"][0]["id"]
    for name in ("Ann", "Bob", "Carol", "Dan"):
        claims = next(one for one in seeds["people"] if one["name"].startswith(name))
        headers = system.client.headers_of(sub=claims["user_id"], email=claims["email"], name=claims["name"])
        answer = system.client.post(
            f"/organizations/{organization}/access", json={"permissions": [*own]}, headers=headers
        ).json()
        page = at("/")
        tool(page, name).click()
        here(page, "In Brightwater, as")

        said = {own[one["permission"]]: "Allowed" if one["allowed"] else "Not allowed" for one in answer["decisions"]}
        expect(page.get_by_text("Not allowed", exact=True)).to_have_count([*said.values()].count("Not allowed"))
        assert decisions(page) == said


def test_an_upgrade_is_billed_by_the_demo_and_the_plan_is_the_next_one(at: At, system: System, seeds: Shape) -> None:
    path = next(f"/organizations/{one['id']}" for one in seeds["organizations"] if one["name"] == "Oakfield")
    bob = system.client.headers_of(sub="bob", email="bob@example.com", name="Bob Baker")
    active = {"organization_id": path.rpartition("/")[2]}
    system.client.put("/me/active-organization", json=active, headers=bob).raise_for_status()
    page = at("/team")
    tool(page, "Bob").click()
    here(page, "Basic plan · 2 of 5 members")
    page.get_by_role("button", name="Invite", exact=True).click()
    page.get_by_role("textbox", name="Email addresses").fill("v@example.com w@example.com x@example.com y@example.com")
    page.get_by_role("button", name="Upgrade").click()
    billing = page.get_by_role("dialog", name=re.compile("billing would be here"))
    expect(billing).to_contain_text("Oakfield is on the plan Basic. The next one is Pro.")
    billing.get_by_role("button", name="Upgrade").click()

    expect(status(page)).to_have_text("Oakfield is on the plan Pro now.")
    here(page, "Pro plan · 2 members")
    assert system.client.get(path, headers=bob).json()["plan"] == "pro"


# ---- The seeds, the mailbox, the clock -------------------------------------------------------------------------------


def test_seeding_anew_asks_first_and_brings_everything_back(at: At, system: System, seeds: Shape) -> None:
    page = at("/")
    page.locator("roster-my-invitations").get_by_role("button", name="Decline").click()
    expect(page.get_by_role("heading", name="Oakfield")).to_be_hidden()
    tool(page, "Seed anew").click()
    dialog = page.get_by_role("dialog", name="Seed anew?")
    dialog.get_by_role("button", name="Cancel").click()
    assert system.client.get("/_local/seed").json() == seeds

    tool(page, "Seed anew").click()
    dialog.get_by_role("button", name="Seed anew").click()

    expect(status(page)).to_have_text("Everything is as it was at the start.")
    expect(page.get_by_role("heading", name="Oakfield")).to_be_visible()
    expect(tool(page, "Ann")).to_have_attribute("aria-pressed", "true")


def mailbox(page: Page) -> Locator:
    return page.get_by_role("complementary", name="Mailbox")


def test_the_mailbox_shows_what_was_mailed_newest_first_and_new_mail_by_itself(
    at: At, system: System, seeds: Shape
) -> None:
    page = at("/")
    mailed = system.client.get("/_local/mailbox").json()["items"]
    subjects = mailbox(page).get_by_role("listitem").locator("bdi.subject")
    expect(subjects).to_have_text([mail["subject"] for mail in reversed(mailed)])

    ann = system.client.headers_of(sub="ann", email="ann@example.com", name="Ann Archer")
    organization = seeds["organizations"][0]["id"]
    body = {"email": "zoe@example.com", "roles": ["user"], "message": "Hi Zoe!"}
    system.client.post(f"/organizations/{organization}/invitations", json=body, headers=ann).raise_for_status()
    first = mailbox(page).get_by_role("listitem").first
    expect(first).to_contain_text("zoe@example.com")
    first.get_by_text("Ann Archer invited you to Brightwater").click()
    expect(first).to_contain_text("Hi Zoe!")

    mailbox(page).get_by_role("checkbox", name="Only to ann@example.com").check()
    expect(mailbox(page).get_by_text("zoe@example.com")).to_be_hidden()


def follow(page: Page, to: str) -> Locator:
    """Press the link in the mail to an address; return the page of the invitation."""
    mail = mailbox(page).get_by_role("listitem").filter(has_text=f"{to},")
    mail.locator("summary").click()
    mail.get_by_role("link").click()
    expect(page).to_have_url(re.compile(r"/invitation$"))
    return page.locator("roster-invitation")


def test_a_mailed_link_leads_to_the_invitation_and_the_demo_offers_its_address(at: At, seeds: Shape) -> None:
    page = at("/")
    page.evaluate("globalThis.stayed = true")
    invitation = follow(page, "iris@example.com")
    invitation.get_by_role("button", name="Use another account").click()
    dialog = page.get_by_role("dialog", name="Sign in")
    expect(dialog.get_by_role("textbox", name="Address")).to_have_value("iris@example.com")
    dialog.get_by_role("button", name="Sign in").click()
    expect(tool(page, "Iris")).to_have_attribute("aria-pressed", "true")
    assert page.evaluate("globalThis.stayed")
    invitation.get_by_role("button", name="Accept").click()

    expect(page).to_have_url(re.compile("/team$"))
    expect(page.locator("roster-team").get_by_role("row", name=re.compile("Iris Irwin"))).to_be_visible()


def test_who_is_signed_out_or_not_verified_gets_on_by_the_demos_sign_in(at: At, seeds: Shape) -> None:
    page = at("/")
    tool(page, "Sign out").click()
    invitation = follow(page, "mia@example.com")
    invitation.get_by_role("button", name="Sign in").click()
    dialog = page.get_by_role("dialog", name="Sign in")
    dialog.get_by_role("checkbox", name="Verified").uncheck()
    dialog.get_by_role("button", name="Sign in").click()
    invitation.get_by_role("button", name="Verify your address").click()
    expect(dialog.get_by_role("textbox", name="Address")).to_have_value("mia@example.com")
    dialog.get_by_role("button", name="Sign in").click()

    expect(invitation.get_by_role("button", name="Accept")).to_be_visible()


def test_a_page_that_is_gone_to_has_the_focus_and_its_name(at: At, seeds: Shape) -> None:
    page = at("/")
    expect(page).to_have_title("Dashboard · Roster demo")
    expect(page.get_by_role("main", name="Dashboard")).not_to_be_focused()

    page.get_by_role("link", name="Team").press("Enter")
    expect(page.get_by_role("main", name="Team")).to_be_focused()
    expect(page).to_have_title("Team · Roster demo")

    follow(page, "iris@example.com")
    expect(page.get_by_role("main", name="Invitation")).to_be_focused()


def test_after_an_answer_the_card_says_that_there_is_no_other(at: At, seeds: Shape) -> None:
    page = at("/")
    page.locator("roster-my-invitations").get_by_role("button", name="Accept").press("Enter")

    expect(page.get_by_text("No open invitations.")).to_be_focused()
    expect(page.locator(".card.none")).to_have_count(0)


def test_the_product_shows_the_organization_that_was_switched_to(at: At, seeds: Shape) -> None:
    page = at("/")
    tool(page, "Bob").click()
    here(page, "In Brightwater, as Manager.")
    page.locator("roster-switcher").get_by_role("button", name=re.compile("Brightwater")).first.click()
    page.locator("roster-switcher").get_by_role("button", name="Oakfield").click()

    here(page, "In Oakfield, as Admin.")
    page.reload()
    here(page, "In Oakfield, as Admin.")


def test_the_mailbox_closes_by_the_keyboard_and_stays_closed(at: At) -> None:
    page = at("/")
    button = tool(page, "Mailbox")
    expect(button).to_have_attribute("aria-expanded", "true")
    button.press("Enter")
    expect(mailbox(page)).to_be_hidden()
    button.press("Enter")
    expect(mailbox(page).get_by_role("heading", name="Mailbox")).to_be_focused()

    page.keyboard.press("Escape")
    expect(button).to_be_focused()
    page.reload()

    expect(button).to_have_attribute("aria-expanded", "false")
    expect(mailbox(page)).to_be_hidden()


def test_the_clock_is_moved_forward_and_the_page_shows_what_is_true_then(at: At, system: System, seeds: Shape) -> None:
    before = system.client.now()
    page = at("/")
    expect(page.get_by_role("heading", name="Oakfield")).to_be_visible()
    page.get_by_role("button", name="Clock").click()
    page.get_by_role("button", name="+7 days").click()

    expect(page.get_by_role("heading", name="Oakfield")).to_be_hidden()
    assert (system.client.now() - before).days == 7
    expect(page.get_by_role("group", name="Clock")).to_contain_text(f"{system.client.now():%B %Y}")


def test_the_language_and_the_theme_can_be_chosen_and_stay(at: At) -> None:
    page = at("/")
    tool(page, "Look").click()
    page.get_by_role("combobox", name="Language").select_option("ar")
    page.get_by_role("combobox", name="Theme").select_option("dark")
    card = page.locator("roster-my-invitations")
    expect(card).to_have_attribute("dir", "rtl")
    page.reload()

    expect(card).to_have_attribute("dir", "rtl")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(14, 16, 20)"


# ---- How it is served ------------------------------------------------------------------------------------------------


def test_it_asks_nobody_but_the_api_which_is_another_origin(at: At, network: Network, system: System) -> None:
    page = at("/")
    here(page, "In Brightwater, as Admin.")

    assert system.app != system.api
    assert all(one.url.startswith((f"{system.app}/", f"{system.api}/")) for one in network.asked)
    preflights = [one for one in network.asked if one.method == "OPTIONS"]
    assert preflights
    assert all(one.headers["origin"] == system.app for one in preflights)


@pytest.mark.parametrize("path", ["/", "/team", "/invitation"])
def test_each_page_can_be_opened_by_its_address(at: At, path: str) -> None:
    page = at(path)

    expect(page.get_by_role("region", name="Demo tools")).to_be_visible()
    here_ = page.get_by_role("navigation", name="Your product").locator("[aria-current]")
    expect(here_).to_have_count(0 if path == "/invitation" else 1)


def test_a_path_that_is_no_page_says_so_and_leads_on(at: At, watch: Watch) -> None:
    watch.expect("404 GET /nothing")
    page = at("/nothing")
    expect(page.get_by_role("heading", name="There is no such page")).to_be_visible()

    page.get_by_role("link", name="Go to the dashboard").click()

    here(page, "In Brightwater, as Admin.")


@pytest.mark.parametrize("width", [320, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_everybody_can_use_the_tools_and_nothing_is_cut_off(at: At, width: int, scheme: str) -> None:
    page = at("/", width=width, color_scheme=scheme)
    here(page, "In Brightwater, as Admin.")
    assert axe.violations(page, whole=True) == []
    if width == 320:
        tool(page, "Mailbox").click()
    expect(mailbox(page).get_by_role("listitem").first).to_be_visible()

    assert axe.violations(page, whole=True) == []
    assert page.evaluate("document.scrollingElement.scrollWidth") <= width


def test_without_an_answer_the_page_says_so_and_goes_on_when_there_is_one(
    at: At, network: Network, watch: Watch
) -> None:
    page = at("/")
    here(page, "In Brightwater, as Admin.")
    with network.down("POST", "/_local/clock"):
        page.get_by_role("button", name="Clock").click()
        page.get_by_role("button", name="+1 hour").click()
        expect(status(page)).to_have_text("There is no answer. Is `make run` still running?")
    watch.expect("clock")

    page.get_by_role("button", name="+1 hour").click()

    here(page, "In Brightwater, as Admin.")


def test_a_products_own_app_leaves_it_out() -> None:
    with started("--workers", "1", "--app", "http://localhost:5173") as (process, address):
        assert process.stdout
        assert process.stdout.readline().endswith("Roster serves nothing there.\n")
        with pytest.raises(httpx.ConnectError):
            httpx.get(demo_origin(address), timeout=PATIENCE)


def test_the_address_is_in_what_is_said_first(system: System) -> None:
    with started("--workers", "1") as (process, address):
        assert process.stdout
        assert f" {demo_origin(address)}/team " in process.stdout.readline()
        assert httpx.get(f"{demo_origin(address)}/team", timeout=PATIENCE).status_code == 200


def test_a_port_of_the_app_in_use_ends_it_with_a_sentence() -> None:
    ports = listen(0, demo=True)
    port = ports.api.getsockname()[1]
    ports.api.close()
    try:
        sentence = _refused("--port", str(port))
    finally:
        for opened in ports.app:
            opened.close()

    assert sentence.startswith(f"Port {port - DEMO_BELOW} cannot be opened")
    assert "APP=http://localhost:5173" in sentence
