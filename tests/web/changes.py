"""Every change that an element makes: how somebody comes to it, which call makes it, and how often it was made."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from playwright.sync_api import Locator, Page

from tests.web import states
from tests.web.people import Person, System, Team
from tests.web.states import button

OWN = "Elsewhere"  # the owner's other organization
TITLE = "Reader"  # of a custom role
DIALOG = "dialog[open]"


@dataclass
class Scene:
    """An organization with somebody, or something, for every change; and the page of who makes it."""

    system: System
    team: Team = field(init=False)
    member: Person = field(init=False)
    zoe: Person = field(init=False)  # is invited
    invitation: str = field(init=False)
    role: str = field(init=False)
    page: Page = field(init=False)

    def __post_init__(self) -> None:
        self.team = self.system.team()
        self.member = self.team.move_in(self.least, name="Grace Hopper")
        self.zoe = self.system.person("Zoe Zimmer")
        self.invitation = self.team.invite(self.zoe.email, self.least)["id"]
        body = {"title": TITLE, "permissions": ["organization:read", "members:read"]}
        self.role = self.owner.call("POST", self.team.path("roles"), body)["id"]

    @property
    def owner(self) -> Person:
        return self.team.owner

    @cached_property
    def invitable(self) -> list[str]:
        return self.team.invitable()

    @property
    def least(self) -> str:
        """The role that can do least."""
        return self.invitable[-1]

    @property
    def other(self) -> str:
        """Another role that can be given."""
        return self.invitable[-2]

    def within(self, name: str) -> Locator:
        """An element."""
        return self.page.locator(name)

    def more(self, name: str, act: str) -> None:
        """Press a button in the menu of a row."""
        states.act(self.page, name, act)

    def logged(self, kind: str) -> int:
        """How often the log tells of something."""
        return len(self.owner.list(f"{self.team.path('activity')}?type={kind}"))


@dataclass(frozen=True)
class Deed:
    """A change."""

    body: str
    method: str
    path: str  # of the call that makes it
    begin: Callable[[Scene], None]  # do all that comes before the last press
    press: str  # the name of the button that is pressed last
    made: Callable[[Scene], int]  # how often it was made, as the API tells
    within: str = DIALOG  # where that button, and what is said of it, stand
    by: Callable[[Scene], Person] = lambda scene: scene.owner
    before: Callable[[Scene], object] = lambda _: None  # before the page is opened
    link: bool = False  # the person comes by the invitation's link
    again: str = "Try again"  # the name of the button while it is not known what became of it
    keyed: bool = True
    told: bool = False  # afterwards a dialog tells what was done
    ends: bool = False  # afterwards the organization is none of the person's

    def button(self, scene: Scene, name: str = "") -> Locator:
        wanted = name or self.press
        # An organization's button tells the roles in it, too.
        return scene.page.locator(self.within).get_by_role("button", name=wanted, exact=wanted != OWN)


DEEDS: dict[str, Deed] = {}


def _deed(name: str, body: str, method: str, path: str, **more: Any) -> Callable[[Callable[[Scene], None]], None]:
    def add(begin: Callable[[Scene], None]) -> None:
        DEEDS[name] = Deed(f"<{body}></{body}>", method, path, begin, **more)

    return add


# ---- Invitations -----------------------------------------------------------------------------------------------------

NEW = "new@example.com"


@_deed(
    *("invite", "roster-invite", "POST", "/invitations/batch$"),
    press="Send invitations",
    told=True,
    made=lambda scene: len([one for one in scene.team.invitations() if one["email"] == NEW]),
)
def _invite(scene: Scene) -> None:
    scene.within("roster-invite").evaluate("(element) => element.open()")
    scene.page.get_by_role("textbox", name="Email addresses").fill(NEW)
    scene.page.get_by_label("Message").fill("Welcome")


@_deed(
    *("resend", "roster-invitations", "POST", "/resend$"),
    press="Resend",
    made=lambda scene: scene.logged("invitation.resent"),
)
def _resend(scene: Scene) -> None:
    scene.more(scene.zoe.email, "Resend")
    scene.page.get_by_label("Message").fill("Again")


@_deed(
    *("cancel", "roster-invitations", "DELETE", "/invitations/"),
    press="Cancel invitation",
    made=lambda scene: scene.logged("invitation.canceled"),
)
def _cancel(scene: Scene) -> None:
    scene.more(scene.zoe.email, "Cancel invitation")


@_deed(
    *("copy-link", "roster-invitations", "POST", "/link$"),
    press="Copy link",
    again="Copy link",
    told=True,
    within="[popover]:popover-open",
    keyed=False,
    made=lambda scene: scene.logged("invitation.link_copied"),
)
def _copy(scene: Scene) -> None:
    button(scene.page, f"More for {scene.zoe.email}").click()


def _accepted(scene: Scene) -> int:
    return scene.logged("invitation.accepted")


def _declined(scene: Scene) -> int:
    return scene.logged("invitation.declined")


def _nothing(_scene: Scene) -> None:
    """It takes one press."""


_zoe: dict[str, Any] = {"by": lambda scene: scene.zoe}
for _name, _made in {"accept": _accepted, "decline": _declined}.items():
    for _kind, _element in {"": "roster-my-invitations", " by link": "roster-invitation"}.items():
        _deed(
            *(f"{_name}{_kind}", _element, "POST", f"/{_name}$"),
            press=_name.title(),
            made=_made,
            within=_element,
            link=bool(_kind),
            **_zoe,
        )(_nothing)

# ---- The switcher ----------------------------------------------------------------------------------------------------

LIST = "roster-switcher [popover]"


@_deed(
    *("accept in the switcher", "roster-switcher", "POST", "/accept$"),
    press="Accept",
    again="Accept",
    made=_accepted,
    within=LIST,
    **_zoe,
)
def _accept_here(scene: Scene) -> None:
    scene.within("roster-switcher [popovertarget]").click()


def _active(scene: Scene) -> int:
    id_ = scene.owner.call("PUT", "/me")["active_organization_id"]
    return len([one for one in _named(scene, OWN) if one == id_])


def _named(scene: Scene, name: str) -> list[str]:
    organizations = [one["organization"] for one in scene.owner.list("/me/organizations")]
    return [one["id"] for one in organizations if one["name"] == name]


def _own_another(scene: Scene) -> None:
    scene.owner.call("POST", "/organizations", {"name": OWN})
    scene.owner.call("PUT", "/me/active-organization", {"organization_id": scene.team.id})


@_deed(
    *("switch", "roster-switcher", "PUT", "/me/active-organization$"),
    before=_own_another,
    press=OWN,
    again=OWN,
    made=_active,
    within=LIST,
)
def _switch(scene: Scene) -> None:
    scene.within("roster-switcher [popovertarget]").click()


@_deed(
    *("create", "roster-switcher", "POST", "/organizations$"),
    press="Create organization",
    made=lambda scene: len(_named(scene, "Created")),
    within=LIST,
)
def _create(scene: Scene) -> None:
    scene.within("roster-switcher [popovertarget]").click()
    button(scene.page, "Create organization").click()
    scene.page.get_by_label("Organization name").fill("Created")


# ---- Members ---------------------------------------------------------------------------------------------------------


@_deed(
    *("remove", "roster-members", "DELETE", "/members/"),
    press="Remove",
    made=lambda scene: scene.logged("member.removed"),
)
def _remove(scene: Scene) -> None:
    scene.more(scene.member.name, "Remove")


@_deed(
    *("change-roles", "roster-members", "PUT", "/roles$"),
    press="Change role",
    made=lambda scene: scene.logged("member.roles_changed"),
)
def _change_roles(scene: Scene) -> None:
    scene.more(scene.member.name, "Change role")
    scene.page.get_by_label("Role", exact=True).select_option(scene.other)


# ---- Settings --------------------------------------------------------------------------------------------------------


@_deed(
    *("rename", "roster-settings", "PATCH", "/organizations/"),
    press="Save",
    made=lambda scene: scene.logged("organization.updated"),
    within="roster-settings form:has([name=name])",
)
def _rename(scene: Scene) -> None:
    scene.page.get_by_label("Organization name").fill("Renamed")


@_deed(
    *("change-settings", "roster-settings", "PATCH", "/organizations/"),
    press="Save",
    made=lambda scene: scene.logged("organization.updated"),
    within="roster-settings form:has([name=mail])",
)
def _change_settings(scene: Scene) -> None:
    scene.page.get_by_label("Language of its mail").select_option("fr")
    scene.page.get_by_role("checkbox", name="Mail of the organization").uncheck()


@_deed(
    *("change-settings of one's own", "roster-settings", "PATCH", "/me$"),
    press="Save",
    made=lambda scene: int(not scene.owner.call("PUT", "/me")["email_notifications"]),
    within="roster-settings form:has([name=mail_others])",
)
def _change_own(scene: Scene) -> None:
    scene.page.get_by_role("checkbox", name="Mail about others' doings").uncheck()


@_deed(
    *("transfer", "roster-settings", "POST", "/transfer$"),
    press="Transfer ownership",
    made=lambda scene: scene.logged("organization.ownership_transferred"),
)
def _transfer(scene: Scene) -> None:
    button(scene.page, "Transfer ownership").click()
    scene.page.get_by_label("New owner").select_option(scene.member.id)
    scene.page.get_by_role("dialog").get_by_role("textbox").fill("Acme")


@_deed(
    *("leave", "roster-settings", "POST", "/leave$"),
    press="Leave organization",
    made=lambda scene: scene.logged("member.left"),
    by=lambda scene: scene.member,
    ends=True,
)
def _leave(scene: Scene) -> None:
    button(scene.page, "Leave organization").click()


@_deed(
    *("delete", "roster-settings", "DELETE", "/organizations/[^/]+$"),
    press="Delete organization",
    made=lambda scene: int(scene.owner.asks("GET", scene.team.path()).status_code == 404),
    ends=True,
)
def _delete(scene: Scene) -> None:
    button(scene.page, "Delete organization").click()
    scene.page.get_by_role("dialog").get_by_role("textbox").fill("Acme")


# ---- Roles -----------------------------------------------------------------------------------------------------------


@_deed(
    *("create-role", "roster-roles", "POST", "/roles$"),
    press="Create role",
    made=lambda scene: scene.logged("role.created") - 1,
)
def _create_role(scene: Scene) -> None:
    button(scene.page, "Create role").click()
    scene.page.get_by_role("textbox", name="Name", exact=True).fill("Auditor")
    scene.page.get_by_role("textbox", name="Description").fill("Looks after us")
    scene.page.get_by_role("dialog").get_by_role("checkbox", checked=False).first.check()


@_deed(
    *("edit-role", "roster-roles", "PUT", "/roles/"),
    press="Edit role",
    made=lambda scene: scene.logged("role.updated"),
)
def _edit_role(scene: Scene) -> None:
    scene.more(TITLE, "Edit role")
    scene.page.get_by_role("textbox", name="Name", exact=True).fill("Auditor")
    scene.page.get_by_role("dialog").get_by_role("checkbox", checked=False).first.check()


@_deed(
    *("delete-role", "roster-roles", "DELETE", "/roles/"),
    press="Delete role",
    made=lambda scene: scene.logged("role.deleted"),
)
def _delete_role(scene: Scene) -> None:
    scene.more(TITLE, "Delete role")
