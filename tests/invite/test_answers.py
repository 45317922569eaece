"""What accept, decline and preview answer: the contract's table, cell by cell."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, cast

import pytest

from roster.links import Purpose
from tests.world import Caller, Reply, Team, World

# A cell is the answer to accepting and declining alike, or to the one / to the other. Everywhere but in the column
# `protected`, the invitation is to a role that neither owns nor may change roles.
TABLE = """
who            brings        pending   protected   accepted  declined  canceled  expired   void      late-void
invited        nothing       done      done        closed    closed    closed    expired   void      expired
invited        current       done      done        closed    closed    closed    expired   void      expired
invited        replaced      done      done        closed    closed    closed    expired   void      expired
invited        copied        done      done        closed    closed    closed    expired   void      expired
invited        old-copy      done      done        closed    closed    closed    expired   void      expired
invited        forged        done      done        closed    closed    closed    expired   void      expired
member         current       member    member      member    closed    closed    expired   void      expired
member         copied        member    member      member    closed    closed    expired   void      expired
member         replaced      replaced  replaced    replaced  replaced  replaced  replaced  replaced  replaced
invited-member nothing       member    member      member    closed    closed    expired   void      expired
invited-member current       member    member      member    closed    closed    expired   void      expired
invited-member forged        member    member      member    closed    closed    expired   void      expired
stranger       current       done      only/done   closed    closed    closed    expired   void      expired
stranger       replaced      replaced  replaced    replaced  replaced  replaced  replaced  replaced  replaced
stranger       copied        done      only/done   closed    closed    closed    expired   void      expired
stranger       old-copy      replaced  replaced    replaced  replaced  replaced  replaced  replaced  replaced
stranger       nothing       absent    absent      absent    absent    absent    absent    absent    absent
stranger       forged-copy   absent    absent      absent    absent    absent    absent    absent    absent
stranger       forged        absent    absent      absent    absent    absent    absent    absent    absent
unverified     current       done      verify/done closed    closed    closed    expired   void      expired
unverified     copied        done      verify/done closed    closed    closed    expired   void      expired
unverified     replaced      replaced  replaced    replaced  replaced  replaced  replaced  replaced  replaced
unverified     nothing       verify    verify      absent    absent    absent    verify    verify    verify
unverified     forged        absent    absent      absent    absent    absent    absent    absent    absent
addressless    current       done      only/done   closed    closed    closed    expired   void      expired
addressless    copied        done      only/done   closed    closed    closed    expired   void      expired
"""
PREVIEW = """
who            brings        pending   protected   accepted  declined  canceled  expired   void      late-void
anybody        current       done      done        closed    closed    closed    expired   void      expired
anybody        copied        done      done        closed    closed    closed    expired   void      expired
anybody        old-copy      replaced  replaced    replaced  replaced  replaced  replaced  replaced  replaced
anybody        replaced      replaced  replaced    replaced  replaced  replaced  replaced  replaced  replaced
anybody        forged        absent    absent      absent    absent    absent    absent    absent    absent
"""
STATES = TABLE.split()[2:10]
PROBLEMS = {
    (409, "already_member"): "member",
    (409, "plan_limit"): "full",
    (403, "forbidden"): "only",
    (403, "email_not_verified"): "verify",
    (410, "invitation_expired"): "expired",
    (410, "invitation_void"): "void",
    (409, "not_pending"): "closed",
    (410, "link_replaced"): "replaced",
    (404, "not_found"): "absent",
}
ENDS = {"accepted": "accept", "declined": "decline"}


@dataclass
class Scene:
    """Ada's organization, and its invitation of eve@example.com: sent again once, and brought into a state."""

    team: Team
    state: str
    id: str
    replaced: str  # the link of the first mail
    old_copy: str = ""  # the one that was copied then

    @classmethod
    def set(cls, world: World, state: str) -> "Scene":
        team = Team.found(world, world.person("Ada"))
        if state == "protected":
            team.plan("professional")
        void = state in {"void", "late-void"}
        inviter = team.join(world.person("Bea"), "admin") if void else team.founder
        invitation_id = team.invite("eve@example.com", "owner" if state == "protected" else "viewer", by=inviter)["id"]
        scene = cls(team, state, invitation_id, team.token(invitation_id), team.copied(invitation_id))
        assert inviter.post(scene.path("resend")).status == 200
        if state in ENDS:
            assert world.person("Max").post(scene.path(ENDS[state]), {"token": scene.link("current")}).status < 300
        elif state == "canceled":
            assert team.founder.delete(scene.path()).status == 204
        elif void:
            assert inviter.post(team.path("leave")).status == 204
        return scene

    def path(self, *rest: str) -> str:
        return self.team.path("invitations", self.id, *rest)

    def who(self, name: str) -> Caller:
        """Who answers; the member among them is Ada."""
        world, ada = self.team.world, self.team.founder.claims
        return {
            "invited": world.person("Eve"),
            "unverified": world.person("Eve", verified=False),
            "stranger": world.person("Sam"),
            "addressless": world.person("Nan", email=None),
            "member": Caller(world, ada),
            "invited-member": Caller(world, ada | {"email": "eve@example.com"}),
        }[name]

    def link(self, name: str) -> str | None:
        """The token that they bring."""
        current, copied = self.team.token(self.id), self.team.token(self.id, Purpose.COPIED)
        return {
            "nothing": None,
            "current": current,
            "copied": copied,
            "replaced": self.replaced,
            "old-copy": self.old_copy,
            "forged": current[:-43] + current[-43:].swapcase(),
            "forged-copy": copied[:-43] + copied[-43:].swapcase(),
        }[name]

    def ask(self, operation: str, who: str, token: str | None) -> str:
        """Tell in the table's word what comes back."""
        return self._word(self._reply(operation, who, token))

    def refused(self, operation: str, who: str, token: str | None) -> dict[str, Any]:
        """The problem that comes back."""
        reply = self._reply(operation, who, token)
        assert self._word(reply) != "done"
        return cast("dict[str, Any]", reply.body)

    def _reply(self, operation: str, who: str, token: str | None) -> Reply:
        world = self.team.world
        body = {} if token is None else {"token": token}
        with world.later(days=7 if self.state in {"expired", "late-void"} else 0):
            if operation == "preview":
                return world.call("POST", "/invitations/preview", body=body)
            return self.who(who).post(self.path(operation), body)

    def _word(self, reply: Reply) -> str:
        if reply.status < 300:
            return "done"
        word = PROBLEMS[reply.refusal]
        assert word != "only" or reply.body["reason"] == "invited_address_only"
        assert word != "closed" or reply.body["invitation_status"] == self.state
        return word


def cells(table: str, state: str, *operations: str) -> Iterator[tuple[str, str, str, str]]:
    """One column: operation, who, what they bring, and the answer."""
    head, *rows = (line.split() for line in table.strip().splitlines())
    for who, brings, *answers in rows:
        told = answers[head.index(state) - 2].split("/")
        for operation, answer in zip(operations, told * len(operations), strict=False):
            yield operation, who, brings, answer


@pytest.mark.parametrize("state", STATES)
def test_the_first_row_that_fits_refuses_and_changes_nothing(state: str, world: World) -> None:
    column = [*cells(TABLE, state, "accept", "decline"), *cells(PREVIEW, state, "preview")]
    refused = {cell[:3]: cell[3] for cell in column if cell[3] != "done" or cell[0] == "preview"}
    scene = Scene.set(world, state)
    links = {brings: scene.link(brings) for brings in dict.fromkeys(brings for _, _, brings in refused)}
    before = world.items()

    found = {cell: scene.ask(cell[0], cell[1], links[cell[2]]) for cell in refused}

    assert found == refused
    assert world.items() == before


@pytest.mark.parametrize("operation", ["accept", "decline"])
@pytest.mark.parametrize("state", ["pending", "protected"])
def test_who_brings_enough_is_served(state: str, operation: str, world: World) -> None:
    served = [cell for cell in cells(TABLE, state, "accept", "decline") if cell[0] == operation and cell[3] == "done"]

    for _, who, brings, _ in served:
        scene = Scene.set(world, state)
        assert scene.ask(operation, who, scene.link(brings)) == "done"


@pytest.mark.parametrize("operation", ["accept", "decline"])
def test_no_other_token_serves(operation: str, team: Team, world: World) -> None:
    scene = Scene(team, "pending", team.invite("eve@example.com", "viewer")["id"], replaced="")
    elsewhere = Team.found(world, team.founder)
    another = team.token(team.invite("fay@example.com", "viewer")["id"])
    elsewheres = elsewhere.token(elsewhere.invite("eve@example.com", "viewer")["id"])
    current = team.token(scene.id)
    grafted = current[:-43] + another[-43:]
    as_mailed = team.copied(scene.id).replace("copied-", "")
    as_copied = team.copied(scene.id)[:-43] + current[-43:]

    for token in (
        grafted,
        as_mailed,
        as_copied,
        "",
        "garbage",
        "a.b.c.d",
        "🎉",
        "x" * 60_000,
        f"{current} ",
        current.upper(),
    ):
        assert scene.ask("preview", "anybody", token) == "absent"
        assert scene.ask(operation, "stranger", token) == "absent"
    for token in (another, elsewheres):
        assert scene.ask(operation, "stranger", token) == "absent"
        assert scene.ask(operation, "unverified", token) == "absent"
    assert scene.ask(operation, "invited", elsewheres) == "done"


@pytest.mark.parametrize(
    ("pack", "plan", "role", "protected"),
    [
        ("credentials", "professional", "admin", True),
        ("credentials", "professional", "issuer", False),
        ("credentials", "professional", "owner", True),
        ("teams", "standard", "billing validation installer", False),
        ("teams", "standard", "account_admin", True),
        ("teams", "standard", "account_admin billing", True),
        ("certificates", "basic", "manager", False),
        ("certificates", "basic", "user", False),
        ("certificates", "basic", "admin", True),
    ],
)
def test_a_role_that_manages_people_is_for_the_verified_address_alone(
    pack: str, plan: str, role: str, *, protected: bool, deploy: Callable[[str], World]
) -> None:
    world = deploy(pack)
    team = Team.found(world, world.person("Ada"))
    team.plan(plan)
    invitation_id = team.invite("eve@example.com", *role.split())["id"]
    scene = Scene(team, "pending", invitation_id, replaced="")

    assert scene.ask("preview", "anybody", scene.link("current")) == "done"
    if protected:
        assert scene.ask("accept", "stranger", scene.link("current")) == "only"
        assert scene.ask("accept", "unverified", scene.link("current")) == "verify"
        assert scene.ask("accept", "invited", None) == "done"
    else:
        assert scene.ask("accept", "stranger", scene.link("current")) == "done"


@pytest.mark.parametrize("operation", ["accept", "decline"])
def test_what_is_no_invitation_here_is_not_found_whatever_is_brought(operation: str, team: Team, world: World) -> None:
    elsewhere = Team.found(world, world.person("Zoe"))
    theirs = elsewhere.invite("eve@example.com", "viewer")["id"]
    # A founder was not invited: the address that they created it with is no invitation.
    founding = next(key[7:] for item in world.items() if (key := item["sk"]["S"]).startswith("JOINED#"))

    for invitation_id in (theirs, founding, "no-such-invitation", "~", team.id):
        for caller in (world.person("Eve"), world.person("Eve", verified=False), team.founder):
            for body in ({}, {"token": elsewhere.token(theirs)}):
                reply = caller.post(team.path("invitations", invitation_id, operation), body)

                assert reply.refusal == (404, "not_found")


@pytest.mark.parametrize("operation", ["accept", "decline", "preview"])
def test_in_a_deleted_organization_nothing_is_found(operation: str, team: Team) -> None:
    scene = Scene(team, "pending", team.invite("eve@example.com", "viewer")["id"], replaced="")
    link = scene.link("current")
    assert team.founder.delete(team.path()).status == 204

    assert scene.ask(operation, "invited", link) == "absent"


@pytest.mark.parametrize("operation", ["accept", "decline"])
def test_a_link_dies_with_its_invitation_even_where_a_new_one_is_under_the_same_id(operation: str, team: Team) -> None:
    scene = Scene(team, "pending", team.invite("eve@example.com", "viewer")["id"], replaced="")
    first = scene.link("current")
    assert team.founder.delete(scene.path()).status == 204
    assert team.invite("eve@example.com", "viewer")["id"] == scene.id

    assert scene.ask(operation, "stranger", first) == "replaced"
    assert scene.ask("preview", "anybody", first) == "replaced"
    assert scene.ask(operation, "stranger", scene.link("current")) == "done"
