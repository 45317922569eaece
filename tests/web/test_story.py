"""The whole story of each product by keyboard alone: nothing is clicked, nothing gets the focus but by a key."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.web import demo
from tests.web.conftest import Open
from tests.web.keyboard import EAR, Keyboard
from tests.web.network import Network
from tests.web.people import Person, Shape, System, Team, numbers
from tests.web.test_words import words
from tests.web.watch import Watch

type Begin = Callable[..., "Story"]

NOWHERE = "You belong to no organization yet."
WARNING = "You can then no longer change roles. To get this one back, you have to ask someone else."


class Words:
    """What the elements say in a language, by what they say in English."""

    def __init__(self, language: str) -> None:
        english, self._own = words("en"), words(language)
        self._keys = {word if isinstance(word, str) else word["other"]: key for key, word in english.items()}
        self._text = "\u2068{}\u2069" if language == "ar" else "{}"

    def __call__(self, english: str, **places: str | int) -> str:
        """A sentence: from right to left, what stands in its places is isolated."""
        return self.shown(
            english,
            **{name: self._text.format(place) if isinstance(place, str) else place for name, place in places.items()},
        )

    def shown(self, english: str, **places: str | int) -> str:
        """A text of the page, which isolates by elements."""
        word = self._own[self._keys[english]]
        if isinstance(word, dict):
            form = {1: "one", 2: "two", 3: "few"}[int(places["count"])]
            word = word.get(form, word["other"])
        return word.format(**places)


@dataclass
class Story:
    """A page of the demo, and who sits in front of it."""

    page: Page
    system: System
    say: Words

    def __post_init__(self) -> None:
        self.keys = Keyboard(self.page)

    # ---- Who is in it ------------------------------------------------------------------------------------------------

    def somebody(self, name: str) -> Person:
        """Somebody new, as the demo signs in whoever gives an address."""
        email = f"{name.lower()}.{next(numbers)}@example.com"
        return Person(self.system, {"sub": email, "name": email.partition("@")[0].capitalize(), "email": email})

    def sign_in(self, person: Person) -> None:
        self.keys.to("textbox", "Address")
        self.keys.type(person.email)
        self.keys.press("Enter")
        expect(self.page.get_by_role("button", name=person.name, exact=True, pressed=True)).to_be_visible()

    def team_of(self, owner: Person) -> Team:
        (membership,) = owner.list("/me/organizations")
        return Team(self.system, membership["organization"]["id"], owner)

    def title(self, role: str) -> str:
        return self.system.pack.roles[role].title

    def can(self, person: Person, team: Team) -> Shape:
        """What somebody may do to their own membership."""
        can: Shape = person.call("GET", team.path("members", "me"))["can"]
        return can

    # ---- How they come together --------------------------------------------------------------------------------------

    def create(self, name: str) -> None:
        keys, say = self.keys, self.say
        keys.use("button", say("Your organizations"))
        keys.use("button", say("Create organization"))
        keys.at("textbox", say("Organization name"))
        keys.type(name)
        keys.press("Enter")
        keys.hears(say("{organization} was created.", organization=name))
        keys.at("button", name)

    def invite(self, *people: Person, roles: tuple[str, ...] = ()) -> None:
        """Invite people to the role that is chosen already, and where there may be several, to more."""
        keys, say = self.keys, self.say
        keys.use("button", say("Invite"))
        keys.at("textbox", say("Email addresses"))
        keys.type(", ".join(one.email for one in people))
        for role in roles:
            keys.use("checkbox", self.title(role))
        keys.use("button", say("Send invitations"))
        keys.hears(say("{count} invitations sent.", count=len(people)))
        keys.at("button", say("Close"))
        keys.press("Enter")
        keys.at("button", say("Invite"))

    def accept(self, organization: str) -> None:
        """Accept on the card of the dashboard."""
        keys, say = self.keys, self.say
        keys.use("link", "Dashboard")
        keys.at("main", "Dashboard")
        keys.use("button", say("Accept"))
        keys.hears(say("You have joined {organization}.", organization=organization))
        self.on(say("No open invitations."))

    def accept_in_the_switcher(self, organization: str) -> None:
        """Accept in the list that was opened just now."""
        keys, say = self.keys, self.say
        list_ = self.page.get_by_role("group", name=say("Your organizations"), exact=True)
        expect(list_.get_by_role("button", name=say("Accept"), exact=True)).to_be_visible()
        keys.press("ArrowDown", "Enter")
        keys.hears(say("You have joined {organization}.", organization=organization))
        keys.at("button", organization)

    def accept_by_mail(self, person: Person) -> None:
        """Follow the link that was mailed, and accept there."""
        keys, say = self.keys, self.say
        if not self.page.get_by_role("complementary", name="Mailbox").is_visible():
            keys.use("button", "Mailbox")
            keys.at("heading", "Mailbox")
        keys.use("checkbox", f"Only to {person.email}")
        (mail,) = self.system.mailed(person.email)
        expect(self.page.locator("aside summary")).to_have_count(1)
        keys.press("Tab", "Enter", "Tab")
        keys.at("link", next(link for link in mail["links"] if "#" in link))
        keys.press("Enter")
        keys.at("main", "Invitation")
        keys.use("button", say("Accept"))
        expect(self.page).to_have_url(re.compile(r"/team$"))
        expect(self.page.get_by_role("button", name=self.more(person), exact=True)).to_be_visible()

    # ---- The Team page -----------------------------------------------------------------------------------------------

    def go(self, *arrows: str, to: str) -> None:
        """Open a tab by arrow keys, from the one that is open."""
        tab = self.page.get_by_role("tab", selected=True)
        self.keys.to("tab", tab.inner_text())
        self.keys.press(*arrows)
        self.keys.at("tab", self.say(to))

    def upgrade(self, organization: str) -> None:
        """Press "Upgrade" on the first plan, and pay in the demo."""
        _, plan, *_ = self.system.pack.plans.values()
        self.keys.use("button", self.say("Upgrade"))
        self.keys.at("button", "Cancel")
        self.keys.use("button", "Upgrade")
        self.keys.hears(f"{organization} is on the plan {plan.title} now.")
        self.keys.at("main", "Team")

    def press(self, person: Person, act: str, *arrows: str) -> None:
        """Open the menu of somebody's row, and press what it has."""
        self.keys.use("button", self.more(person))
        self.keys.press(*arrows)
        self.keys.at("button", self.say(act))
        self.keys.press("Enter")

    def more(self, person: Person) -> str:
        return self.say("More for {name}", name=person.name)

    def change_role(self, person: Person, role: str, *, warned: bool = False) -> None:
        keys, say = self.keys, self.say
        self.press(person, "Change role")
        keys.at("combobox", say("Role"))
        keys.choose(self.title(role))
        self._save(person, role, warned=warned)

    def change_roles(self, person: Person, *roles: str, left: str, warned: bool = False) -> None:
        """Check and uncheck roles, until one is left."""
        self.press(person, "Change role")
        for role in roles:
            self.keys.use("checkbox", self.title(role))
        self._save(person, left, warned=warned)

    def _save(self, person: Person, role: str, *, warned: bool) -> None:
        keys, say = self.keys, self.say
        if warned:
            keys.hears(say(WARNING))
        keys.use("button", say("Change role"))
        keys.hears(say("{name} now has the role {roles}.", name=person.name, roles=self.title(role)))

    def remove(self, person: Person) -> None:
        self.press(person, "Remove", "End")
        self.confirm("Remove", "{name} was removed.", name=person.name)

    def transfer(self, heir: Person, organization: str) -> None:
        keys, say = self.keys, self.say
        keys.use("button", say("Transfer ownership"))
        keys.at("button", say("Cancel"))
        keys.to("combobox", say("New owner"))
        keys.choose(f"{heir.name} · {heir.email}")
        keys.to("textbox", say.shown("To confirm, type the name of the organization: {name}", name=organization))
        keys.type(organization)
        keys.use("button", say("Transfer ownership"))
        keys.hears(say("{name} is the owner now.", name=heir.name))
        keys.at("heading", say("You"))

    def leave(self, organization: str) -> None:
        """Leave by the settings."""
        self.keys.use("button", self.say("Leave organization"))
        self.confirm("Leave organization", "You have left {organization}.", organization=organization)

    def confirm(self, act: str, told: str, **places: str) -> None:
        keys, say = self.keys, self.say
        keys.at("button", say("Cancel"))
        keys.use("button", say(act))
        keys.hears(say(told, **places))

    def on(self, text: str) -> None:
        """Expect that a text has the focus."""
        expect(self.page.get_by_text(text, exact=True)).to_be_focused()


@pytest.fixture
def begin(open_page: Open, network: Network, system: System, watch: Watch) -> Begin:
    """Opens the demo, where nobody is signed in."""
    # What was asked just before somebody left an organization may be answered just after it.
    watch.expect(r"^404 GET /organizations/\w+(/members/me|/roles)?$")

    def opened(language: str = "en", **context: Any) -> Story:
        page = open_page(**context)
        page.add_init_script(EAR)
        return Story(demo.visit(page, network.app, "/", None), system, Words(language))

    return opened


def test_badges_are_issued_by_owners_who_come_and_go(begin: Begin, system: System) -> None:
    story = begin()
    keys, say, owner = story.keys, story.say, system.pack.owner
    ann, bob, cleo = map(story.somebody, ("Ann", "Bob", "Cleo"))
    story.sign_in(ann)
    story.create("Acme")
    team = story.team_of(ann)
    keys.use("link", "Team")
    story.invite(bob, cleo)
    story.sign_in(bob)
    story.accept("Acme")
    story.sign_in(cleo)
    story.accept_by_mail(cleo)

    # The first plan has room for one owner. The next one is offered where there is no room.
    story.sign_in(ann)
    keys.use("button", say("Invite"))
    keys.at("textbox", say("Email addresses"))
    story.upgrade("Acme")
    story.change_role(bob, owner)
    keys.at("heading", say("{count} members", count=3))  # nobody else changes an owner: the row has no "More" now

    story.sign_in(bob)
    role = next(one for one in story.can(bob, team)["assignable_roles"] if one != owner)
    story.change_role(bob, role, warned=True)
    keys.at("button", story.more(bob))

    story.sign_in(ann)
    story.remove(cleo)
    keys.at("heading", say("{count} members", count=2))
    story.go("End", to="Settings")
    story.transfer(bob, "Acme")
    story.leave("Acme")
    story.on(say(NOWHERE))

    assert [(one["user_id"], one["roles"]) for one in team.members(bob)] == [(bob.id, [owner])]


@pytest.mark.parametrize("pack", ["teams"])
def test_teams_give_several_roles_and_are_read_from_right_to_left(begin: Begin, system: System) -> None:
    story = begin("ar")
    keys, say, owner = story.keys, story.say, system.pack.owner
    ann, bob, cleo = map(story.somebody, ("Ann", "Bob", "Cleo"))
    story.sign_in(ann)
    keys.use("button", "Look")
    keys.to("combobox", "Language")
    keys.choose("العربية")
    keys.press("Escape")
    keys.at("button", "Look")
    team = story.team_of(ann)  # who is new has one
    name = team.owner.call("GET", team.path())["name"]
    first, *_, other, least = team.invitable()

    keys.use("link", "Team")
    story.go("ArrowLeft", "ArrowLeft", to="Roles")
    story.upgrade(name)
    story.go("ArrowRight", "ArrowRight", to="Members")
    story.invite(bob, cleo, roles=(other,))
    story.sign_in(bob)
    story.accept(name)
    story.sign_in(cleo)
    story.accept_by_mail(cleo)

    story.sign_in(ann)
    story.change_roles(bob, other, least, first, left=first)
    keys.at("button", story.more(bob))
    story.sign_in(bob)
    story.change_roles(bob, first, least, left=least, warned=True)
    keys.at("button", story.more(bob))

    story.sign_in(ann)
    story.remove(bob)
    keys.at("button", story.more(cleo))
    story.go("ArrowRight", to="Settings")  # the one before the first is the last
    story.transfer(cleo, name)
    story.leave(name)
    story.on(say(NOWHERE))

    assert [(one["user_id"], one["roles"]) for one in team.members(cleo)] == [(cleo.id, [owner])]


@pytest.mark.parametrize("pack", ["certificates"])
def test_lists_of_certificates_begin_with_one_seat_on_a_narrow_page(begin: Begin, system: System) -> None:
    story = begin(width=320)
    keys, say, owner = story.keys, story.say, system.pack.owner
    ann, bob, cleo, dan = map(story.somebody, ("Ann", "Bob", "Cleo", "Dan"))
    story.sign_in(ann)
    story.create("Acme")
    team = story.team_of(ann)
    keys.use("link", "Team")
    story.upgrade("Acme")
    story.invite(bob, cleo, dan)
    story.sign_in(bob)
    story.accept_by_mail(bob)
    story.sign_in(cleo)
    story.accept("Acme")
    story.sign_in(dan)
    keys.use("link", "Dashboard")
    keys.at("main", "Dashboard")
    keys.use("button", say("Your organizations"))
    story.accept_in_the_switcher("Acme")

    story.sign_in(ann)
    keys.use("link", "Team")
    story.change_role(bob, owner)
    keys.at("button", story.more(bob))
    story.sign_in(bob)
    role = next(one for one in story.can(bob, team)["assignable_roles"] if one != owner)
    story.change_role(bob, role, warned=True)
    keys.at("button", story.more(bob))

    story.sign_in(dan)
    story.press(dan, "Leave organization")
    story.confirm("Leave organization", "You have left {organization}.", organization="Acme")
    story.on(say(NOWHERE))
    story.sign_in(ann)
    story.remove(bob)
    keys.at("button", story.more(cleo))
    story.go("End", to="Settings")
    story.transfer(cleo, "Acme")
    story.leave("Acme")
    story.on(say(NOWHERE))

    assert [(one["user_id"], one["roles"]) for one in team.members(cleo)] == [(cleo.id, [owner])]
