"""People and memberships: finding a member, joining, ending a membership, keeping what a token tells."""

from collections.abc import Collection, Mapping
from typing import Any

from roster.api.caller import Caller
from roster.api.problems import NotFound
from roster.api.standing import Standing
from roster.policy.decisions import Policy
from roster.table.commit import Change
from roster.table.items import JoinedAddress, Member, Organization, User
from roster.table.keys import invitation_id, owner_index


def member_of(standing: Standing, user_id: str) -> Member:
    """Return a member whose key was read with the standing. Raises NotFound if there is none."""
    member = standing.batch[Member.key(standing.organization.id, user_id)]
    if member is None:
        raise NotFound
    return member


def joining(
    change: Change,
    organization: Organization,
    policy: Policy,
    user_id: str,
    *,
    roles: Collection[str],
    address: str | None,
) -> Member:
    """Return the membership of a person who joins by this change."""
    index: dict[str, Any] = owner_index(organization.id, user_id, owns=policy.owns(roles))
    return Member(
        *Member.key(organization.id, user_id),
        roles=set(roles),
        joined=change.id,
        joined_at=change.at,
        address=address,
        gsi1pk=f"USER#{user_id}",
        gsi1sk=f"JOINED#{change.id}",
        **index,
    )


def end_membership(change: Change, standing: Standing, member: Member) -> None:
    """Take a membership away. Its seat is free, and the address that it was joined by can be invited again."""
    organization = standing.organization
    change.seats(organization, members=-1, owners=-int(standing.policy.owns(member.roles)))
    change.delete(member)
    if member.address is not None:
        change.discard(
            JoinedAddress(*JoinedAddress.key(organization.id, invitation_id(organization.id, member.address)))
        )


def told_by_token(caller: Caller, user: User | None) -> dict[str, str]:
    """Return what the token tells of its person and the table does not know yet. What a token lacks stays as it is."""
    told = {"name": caller.name, "email": caller.verified_email}
    return {
        name: value
        for name, value in told.items()
        if value is not None and (user is None or getattr(user, name) != value)
    }


def keep_person(change: Change, user_id: str, user: User | None, values: Mapping[str, Any]) -> User:
    """Write what is known of a person with the change, and return them as they are then."""
    if user is None:
        user = User(*User.key(user_id), **values)
        change.create(user)
    elif values:
        change.update(user, values)  # as it was read: two foundings at once are both counted
    return user
