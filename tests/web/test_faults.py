"""Whatever fails on the way, and however often somebody presses: a change is made once, and nothing typed is lost."""

from collections.abc import Callable
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.web.bare import heard, settle
from tests.web.changes import DEEDS, Deed, Scene
from tests.web.network import Asked, Network
from tests.web.people import System
from tests.web.watch import Watch

type Host = Callable[..., Page]

TRIES = 4  # of the client, for one press
EVENTS = ["roster-change", "roster-sign-in", "roster-gone"]
# What is typed, chosen and checked.
TYPED = """(places) => places.flatMap((place) =>
  [...place.querySelectorAll('input, select, textarea')].map((field) => [field.value, field.checked ?? null]))"""
# Where nothing is to be waited for, the client tries again at once.
AT_ONCE = "Math.random = () => 0"
TWICE = "(button) => { button.click(); button.click(); }"


@pytest.fixture
def scene(system: System) -> Scene:
    return Scene(system)


class Pressing:
    """Somebody who comes to make a change, and presses."""

    def __init__(self, deed: Deed, scene: Scene, network: Network, host: Host) -> None:
        self.deed, self.scene, self.network = deed, scene, network
        deed.before(scene)
        link = deed.link and urlsplit(scene.team.link({"email": scene.zoe.email})).fragment
        path = f"/bare#{link}" if link else "/bare"
        self.page = scene.page = host(deed.body, person=deed.by(scene), events=EVENTS, path=path)
        self.page.evaluate(AT_ONCE)
        settle(self.page)
        self.begin()
        self.typed = self.fields()

    def begin(self) -> None:
        self.deed.begin(self.scene)
        settle(self.page)

    def fields(self) -> Any:
        return self.page.locator(self.deed.within).evaluate_all(TYPED)

    @property
    def where(self) -> str:
        """Where it is told what became of it."""
        return self.deed.within if self.deed.keyed else "roster-invitations td"

    @property
    def calls(self) -> list[Asked]:
        return self.network.calls(self.deed.method, self.deed.path)

    def button(self, name: str = "") -> Locator:
        if not self.deed.keyed and not self.page.locator(":popover-open").count():
            self.begin()  # it has no button of its own
        return self.deed.button(self.scene, name)

    def press(self, name: str = "", key: str = "") -> int:
        """Press a key, or twice at once; returns how many calls were made then."""
        before, found = len(self.calls), self.button(name)
        if key:
            found.press(key)
        else:
            found.evaluate(TWICE)
        settle(self.page)
        return len(self.calls) - before

    def says(self, sentence: str) -> None:
        """What went wrong is told, and what was typed is still there."""
        expect(self.page.locator(self.where).get_by_text(sentence)).to_be_visible()
        assert self.fields() == self.typed

    def count(self, event: str) -> int:
        return [name for name, _ in heard(self.page)].count(event)


@pytest.mark.parametrize("name", DEEDS)
def test_a_change_is_made_once_whatever_fails(
    name: str, scene: Scene, network: Network, host: Host, watch: Watch
) -> None:
    deed = DEEDS[name]
    for status in ("404 GET", "409 POST /invitations/preview"):  # what is over by then
        watch.expect(status)
    here = Pressing(deed, scene, network, host)
    page, again = here.page, deed.again
    of = deed.method, deed.path

    # A limit of the day: it is not tried again.
    network.refuse(429, *of, code="too_many_requests", limit="of_the_test")
    assert here.press() == 1
    here.says("Refused with 429.")

    network.refuse(503, *of, times=TRIES)  # of the gateway, so nobody knows what became of it
    assert here.press() == TRIES
    here.says("The service cannot answer right now.")

    with network.down():
        assert here.press(again) == TRIES
        here.says("There was no answer.")
    assert deed.made(scene) == 0

    network.lose_answer(*of, times=TRIES)
    assert here.press(again) == TRIES
    assert deed.made(scene) == (1 if deed.keyed else TRIES)
    if deed.ends:
        # The page has looked, and tells it: there is nothing to try again.
        expect(page.get_by_text("You belong to no organization yet.")).to_be_visible()
        assert here.count("roster-gone") == 1
        return
    here.says("There was no answer.")

    # The token ends, and nobody is signed in any more.
    network.refuse(401, "*", "", times=-1)
    page.evaluate("host.fresh = null")
    assert here.press(again, key="Enter") == 1
    here.says("Your session has ended.")
    expect(here.button(again) if deed.keyed else page.get_by_role("button", name="More for")).to_be_focused()
    page.locator(here.where).get_by_role("button", name="Sign in", exact=True).click()
    assert here.count("roster-sign-in") == 1
    network.lift()

    # Somebody is, with a token that ends on the way, and the service is busy.
    page.evaluate("host.fresh = host.token")
    network.refuse(401, *of)
    network.refuse(503, *of, code="try_again", retry_after=0)
    refreshed = page.evaluate("host.asked.filter(Boolean).length")
    with network.held(*of) as held:
        here.button(again).press("Enter")
        held.wait()
        page.keyboard.press("Enter")
        page.keyboard.press("Enter")
    settle(page)
    assert page.evaluate("host.asked.filter(Boolean).length") == refreshed + 1
    expect(page.locator("dialog[open]")).to_have_count(int(deed.told))
    expect(page.get_by_text("There was no answer.")).to_have_count(0)
    assert here.count("roster-change") == 1
    if deed.keyed:
        assert deed.made(scene) == 1
        assert len({one.headers["idempotency-key"] for one in here.calls[1:]}) == 1
    else:
        # Its answer is kept nowhere, so each that the server has heard of is another link, and is recorded.
        assert deed.made(scene) == TRIES + 1


# ---- What somebody else has changed meanwhile ------------------------------------------------------------------------


class Meanwhile(NamedTuple):
    """What somebody else does before the press, and what becomes of that."""

    act: Callable[[Scene], object]
    refused: str  # the call
    says: str
    again: bool = False  # whether a second press, by who knows it now, makes the change


def _call(method: str, *path: str, **body: Any) -> Callable[[Scene], object]:
    """A call of the owner's, from another page."""

    def call(scene: Scene) -> None:
        named = {"member": scene.member.id, "invitation": scene.invitation, "role": scene.role}
        scene.owner.call(method, scene.team.path(*(named.get(part, part) for part in path)), body or None)

    return call


def _roles_of_member(role: Callable[[Scene], str]) -> Callable[[Scene], object]:
    return lambda scene: _call("PUT", "members", "member", "roles", roles=[role(scene)])(scene)


CHANGED = "Someone has changed this in the meantime."
# What is not here, the tests of the elements themselves have.
MEANWHILE = [
    ("remove", Meanwhile(_roles_of_member(lambda scene: scene.other), "412 DELETE", CHANGED, again=True)),
    ("change-settings", Meanwhile(_call("PATCH", email_notifications=False), "412 PATCH", CHANGED, again=True)),
    ("transfer", Meanwhile(_call("DELETE", "members", "member"), "404 POST", "nothing here any more")),
    (
        "leave",
        Meanwhile(
            lambda scene: scene.owner.call("POST", scene.team.path("transfer"), {"user_id": scene.member.id}),
            "409 POST",
            "Make somebody else an owner first",
        ),
    ),
    ("decline", Meanwhile(_call("DELETE", "invitations", "invitation"), "409 POST", "has been canceled")),
    ("decline by link", Meanwhile(_call("DELETE", "invitations", "invitation"), "409 POST", "has been canceled")),
    ("accept by link", Meanwhile(_call("DELETE", "invitations", "invitation"), "409 POST", "has been canceled")),
    ("delete-role", Meanwhile(_roles_of_member(lambda scene: scene.role), "409 DELETE", "1 member")),
    ("leave", Meanwhile(_call("DELETE", "members", "member"), "404 ", "You belong to no organization yet.")),
    ("delete", Meanwhile(_call("DELETE"), "404 ", "You belong to no organization yet.")),
]


@pytest.mark.parametrize(("name", "meanwhile"), MEANWHILE, ids=[f"{name}-{one.refused}" for name, one in MEANWHILE])
def test_what_somebody_else_has_changed_is_said_and_not_overwritten(
    name: str, meanwhile: Meanwhile, scene: Scene, network: Network, host: Host, watch: Watch
) -> None:
    deed = DEEDS[name]
    here = Pressing(deed, scene, network, host)
    meanwhile.act(scene)
    watch.expect(meanwhile.refused)

    assert here.press() == 1

    expect(here.page.get_by_text(meanwhile.says)).to_be_visible()
    if meanwhile.again:
        assert (deed.made(scene), here.fields()) == (int(name == "change-settings"), here.typed)
        assert here.press() == 1
        assert here.count("roster-change") == 1
