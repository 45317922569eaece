"""The oracle: each of its sentences is said of a state that is made by hand, and none of the state beside it."""

from collections.abc import Iterable, Mapping
from typing import Any

import pytest

from prove.oracle import authority, erased, expected, growth, rules
from prove.oracle.erased import Person
from prove.oracle.limits import Limits
from prove.oracle.model import Event, Invitation, Member, Organization, State, read

AT, LATER = "2026-01-31T12:00:00Z", "2026-02-05T12:00:00Z"


def member(user_id: str, *roles: str) -> Member:
    return Member(user_id, frozenset(roles), f"joined {user_id}", f"{user_id}@example.com")


def invitation(email: str, *roles: str, by: str = "ada", status: str = "pending") -> Invitation:
    return Invitation("i", status, email, frozenset(roles), by, f"joined {by}", "link", LATER)


def state(
    *members: Member,
    plan: str = "enterprise",
    custom: Mapping[str, Mapping[str, Any]] | None = None,
    invitations: Iterable[Invitation] = (),
) -> State:
    owners = sum("owner" in one.roles for one in members)
    organization = Organization("o", plan, owners, len(members), custom=dict(custom or {}))
    organization.members = {one.user_id: one for one in members}
    organization.invitations = {one.id: one for one in invitations}
    return State({"o": organization}, people={one.user_id for one in members})


def event(kind: str, actor: str = "ada", *, by: str = "user", target: str = "bob", at: str = AT) -> Event:
    return Event("e", "o", kind, by, actor, target, {}, at)


def test_who_gives_a_permission_that_they_lack_is_found() -> None:
    helper = {"permissions": ["roles:customize", "roles:assign", "members:read"]}
    before = state(member("ada", "helper"), member("bob", "viewer"), custom={"helper": helper})
    after = state(member("ada", "helper"), member("bob", "issuer"), custom={"helper": helper})

    (told,) = growth.beyond(before, after, event("member.roles_changed"), "credentials")
    assert told.startswith("member.roles_changed in o gave somebody what its giver lacked (bob may now")
    assert "credentials:issue" in told
    assert not list(growth.beyond(before, after, event("member.roles_changed", by="machine"), "credentials"))


def test_a_reach_that_begins_to_count_is_growth_for_who_had_it_without_the_permission() -> None:
    work = ["members:read", "organization:read", "certificates:download", "certificates:install"]
    before = {
        "maker": {"permissions": ["roles:customize", "invitations:manage", "members:read"]},
        "listing": {"permissions": work, "invites": ["installer"]},
        "second": {"permissions": ["members:read"]},
    }
    beside = before | {"second": {"permissions": ["members:read", "invitations:manage"]}}
    after = before | {"listing": {"permissions": [*work, "invitations:manage"], "invites": ["installer"]}}
    people = member("ada", "maker"), member("bob", "listing", "second")
    first, other, last = (state(*people, custom=custom) for custom in (before, beside, after))

    assert list(growth.beyond(first, other, event("role.updated", target="second"), "teams")) == []
    (told,) = growth.beyond(first, last, event("role.updated", target="listing"), "teams")
    assert "bob may now invites installer; by ada" in told


def test_what_an_invitation_gives_is_measured_by_who_invited() -> None:
    ada, eve = member("ada", "owner"), member("eve", "admin")
    before = state(ada, eve, invitations=[invitation("bob@example.com", by="eve")])
    after = state(ada, eve, member("bob", "owner"))

    (told,) = growth.beyond(before, after, event("invitation.accepted", "bob", target="i"), "credentials")
    assert told.endswith("; by eve).")
    admin = state(ada, eve, member("bob", "admin"))
    assert not list(growth.beyond(before, admin, event("invitation.accepted", "bob", target="i"), "credentials"))


def test_a_custom_role_that_is_given_on_a_plan_without_them_is_found() -> None:
    ada, custom = member("ada", "owner"), {"helper": {"permissions": ["members:read"]}}
    changed = event("member.roles_changed")

    def told(plan: str) -> list[str]:
        before = state(ada, member("bob", "viewer"), plan=plan, custom=custom)
        after = state(ada, member("bob", "helper"), plan=plan, custom=custom)
        return list(authority.unauthorized(before, after, changed, "credentials"))

    assert told("free") == ["member.roles_changed in o: bob got ['helper'] without the plan for it."]
    assert told("enterprise") == []


def test_an_open_invitation_that_another_one_replaces_is_found() -> None:
    ada, sent = member("ada", "owner"), event("invitation.sent", target="i")
    again = invitation("bob@example.com", "viewer")

    def told(status: str) -> list[str]:
        before = state(ada, invitations=[invitation("bob@example.com", "viewer", status=status)])
        return list(authority.unauthorized(before, state(ada, invitations=[again]), sent, "credentials"))

    assert told("pending") == ["invitation.sent by ada in o: an invitation to that address was open already."]
    assert told("declined") == []


def test_an_invitation_that_is_canceled_after_it_was_declined_is_found() -> None:
    ada, canceled = member("ada", "owner"), event("invitation.canceled", target="i")

    def told(status: str) -> list[str]:
        before = state(ada, invitations=[invitation("bob@example.com", "viewer", status=status)])
        return list(authority.unauthorized(before, before, canceled, "credentials"))

    assert told("declined") == ["invitation.canceled by ada in o: the invitation was neither open nor expired."]
    assert told("pending") == told("expired") == []
    open_one = state(ada, invitations=[invitation("bob@example.com", "viewer")])
    erasing = event("invitation.canceled", by="machine", target="i")
    assert list(authority.unauthorized(open_one, open_one, erasing, "credentials")) == []


def test_a_member_who_is_added_to_a_deleted_organization_is_found() -> None:
    deleted = state(member("ada", "owner"))
    deleted.organizations["o"].deleted = True

    (told,) = authority.unauthorized(deleted, deleted, event("member.added", by="machine"), "credentials")
    assert told == "member.added in o, which was deleted."


def test_an_organization_that_goes_with_somebody_who_is_erased_while_others_are_in_it_is_found() -> None:
    before, erasing = (
        state(member("ada", "owner"), member("bob", "viewer")),
        event("organization.deleted", by="machine"),
    )

    (told,) = authority.unauthorized(before, state(member("bob", "viewer")), erasing, "credentials")
    assert told.endswith("in o: others were in it: ['bob'].")
    assert list(authority.unauthorized(before, state(), erasing, "credentials")) == []


def test_an_address_and_those_who_have_it_go_together() -> None:
    people = state(member("ada", "owner"))
    people.addresses["ada"] = "ada@example.com"
    people.holders["ada@example.com"] = frozenset({"ada"})
    assert list(rules.broken(people, "credentials")) == []

    people.addresses["ada"] = "ada@example.org"
    assert list(rules.broken(people, "credentials")) == [
        "ada has the address ada@example.org, and does not stand beside it.",
        "ada stands beside the address ada@example.com, and has it no more.",
    ]


def test_what_does_not_go_together_with_what_is_kept_of_members_is_found() -> None:
    people = state(member("ada", "owner"))
    people.owned["ada"] = frozenset({"o"})
    assert list(rules.broken(people, "teams")) == []

    people.owned["ada"] = frozenset({"another"})
    assert list(rules.broken(people, "teams")) == ["Organization o: it does not count among those that ada owns."]
    people.people.clear()
    assert "Organization o: ada is a member, and nothing is kept of them." in rules.broken(people, "credentials")


def test_a_part_of_an_item_is_found() -> None:
    read_state = read([{"pk": {"S": "ORG#o"}, "sk": {"S": "MEMBER#bob"}, "stamp": {"S": "s"}}])

    (told,) = rules.broken(read_state, "credentials")
    assert told.startswith("ORG#o MEMBER#bob is part of an item")


def test_one_invitation_more_than_a_plan_or_an_address_has_in_a_day_is_found() -> None:
    limits = Limits("credentials")

    def send(number: int, day: str = "2026-01-31") -> list[str]:
        sent = state(plan="free", invitations=[invitation(f"{number}@example.com", "viewer")])
        return list(limits.exceeded(sent, sent, event("invitation.sent", target="i", at=f"{day}T09:00:00Z")))

    assert [told for number in range(50) for told in send(number)] == []
    assert len(send(50)) == 2  # the organization's, and the person's
    assert [len(send(1, "2026-02-01")) for _ in range(6)] == [0, 0, 0, 0, 0, 1]
    limits.forget("ada")
    assert len(send(51)) == 1


def test_the_eleventh_organization_that_somebody_founds_in_a_day_is_found() -> None:
    limits, empty = Limits("credentials"), State()

    told = [list(limits.exceeded(empty, state(), event("organization.created"))) for _ in range(11)]

    assert [len(one) for one in told] == [0] * 10 + [1]


def test_what_is_left_of_somebody_who_was_erased_is_found() -> None:
    def item(kind: str, pk: str, sk: str, **more: str) -> dict[str, dict[str, str]]:
        return {name: {"S": text} for name, text in ({"kind": kind, "pk": pk, "sk": sk} | more).items()}

    bob = Person("bob", frozenset({"bob@example.com"}), frozenset({"Bob Doe"}))
    traces = [
        item("member", "ORG#o", "MEMBER#bob"),
        item("joined", "ORG#o", "JOINED#i", user_id="bob"),
        item("invitation", "ORG#o", "INVITE#i", email="bob@example.com"),
        item("organization", "ORG#o", "ORG", name="Bob Doe's team"),
    ]
    kept = [
        item("event", "LOG#o", "e", actor_id="bob", target_id="bob"),
        item("idempotency", "IDEM#bob", "k", body="bob@example.com"),
        item("member", "ORG#o", "MEMBER#eve", invited_by="bob", address="eve@example.com"),
    ]

    assert [len(list(erased.traces([one], bob))) for one in traces] == [1, 1, 1, 1]
    assert list(erased.traces(kept, bob)) == []


def test_an_address_that_somebody_else_has_too_may_stay() -> None:
    shared = state(member("bob", "viewer"), member("eve", "owner"))
    shared.addresses = {"bob": "both@example.com", "eve": "both@example.com"}

    assert erased.known(shared, "bob", ["Bob"]) == Person("bob", frozenset({"bob@example.com"}), frozenset({"Bob"}))


@pytest.mark.parametrize(
    ("who", "call", "body", "due"),
    [
        ("ada", "PATCH /organizations/o", {"name": "Next"}, True),
        ("eve", "PATCH /organizations/o", {"name": "Next"}, False),
        ("bob", "DELETE /organizations/o", {}, False),
        ("ada", "DELETE /organizations/o", {}, True),
        ("ada", "POST /organizations/o/leave", {}, False),
        ("eve", "POST /organizations/o/leave", {}, True),
        ("bob", "DELETE /organizations/o/members/eve", {}, True),
        ("bob", "DELETE /organizations/o/members/ada", {}, False),
        ("bob", "DELETE /organizations/o/members/bob", {}, False),
        ("ada", "PUT /organizations/o/members/eve/roles", {"roles": ["admin"]}, True),
        ("ada", "PUT /organizations/o/members/eve/roles", {"roles": ["admin", "issuer"]}, False),
        ("ada", "PUT /organizations/o/members/ada/roles", {"roles": ["viewer"]}, False),
        ("bob", "PUT /organizations/o/members/eve/roles", {"roles": ["issuer"]}, False),
        ("bob", "POST /organizations/o/invitations", {"email": "new@example.com", "roles": ["admin"]}, True),
        ("bob", "POST /organizations/o/invitations", {"email": "new@example.com", "roles": ["owner"]}, False),
        ("bob", "POST /organizations/o/invitations", {"email": "eve@example.com", "roles": ["viewer"]}, False),
        ("bob", "POST /organizations/o/invitations", {"email": "dan@example.com", "roles": ["viewer"]}, False),
        ("bob", "DELETE /organizations/o/invitations/i", {}, True),
        ("dan", "POST /organizations/o/invitations/i/accept", {}, True),
        ("kim", "POST /organizations/o/invitations/i/accept", {}, False),
        ("ada", "POST /organizations/o/transfer", {"user_id": "eve"}, None),
        ("ada", "PATCH /organizations/other", {"name": "Next"}, False),
    ],
)
def test_whether_a_plain_request_succeeds_is_told_from_the_rules(
    who: str, call: str, body: Mapping[str, Any], *, due: bool | None
) -> None:
    there = state(
        member("ada", "owner"),
        member("bob", "admin"),
        member("eve", "viewer"),
        invitations=[invitation("dan@example.com", "viewer")],
    )
    claims = {"sub": who, "email": f"{who}@example.com", "email_verified": "true"}

    assert expected.succeeds(there, "credentials", expected.Request(claims, call, body, AT)) is due


def test_no_success_is_due_where_a_plan_has_no_room_or_an_invitation_is_past_its_time() -> None:
    def due(there: State, call: str, body: Mapping[str, Any], at: str = AT, who: str = "ada") -> bool | None:
        claims = {"sub": who, "email": f"{who}@example.com", "email_verified": "true"}
        return expected.succeeds(there, "credentials", expected.Request(claims, call, body, at))

    ada, dan = member("ada", "owner"), [invitation("dan@example.com", "viewer")]
    owner = {"email": "new@example.com", "roles": ["owner"]}
    assert due(state(ada, plan="professional"), "POST /organizations/o/invitations", owner)
    assert not due(state(ada, plan="free"), "POST /organizations/o/invitations", owner)
    accept = "POST /organizations/o/invitations/i/accept"
    assert due(state(ada, invitations=dan), accept, {}, who="dan")
    assert not due(state(ada, invitations=dan), accept, {}, LATER, "dan")
    assert not due(state(member("eve", "owner"), invitations=dan), accept, {}, who="dan")
