"""What is to be expected of a request: whether it succeeds, told from the rules alone, for the plainest of changes."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from prove.oracle.authority import is_void
from prove.oracle.model import Member, Organization, State
from prove.oracle.packs import PACKS, Pack, Standing


class Request(NamedTuple):
    """A request as the gateway hands it over: who asks, by their token, and for what."""

    claims: Mapping[str, str]
    call: str  # such as DELETE /organizations/o
    body: Mapping[str, Any]
    at: str


@dataclass(frozen=True)
class Asked:
    """A request of a person, the state that it meets, and the moment."""

    state: State
    pack: Pack
    at: str
    user_id: str
    address: str | None  # verified
    organization: Organization
    body: Mapping[str, Any]

    @property
    def actor(self) -> Member | None:
        return self.organization.members.get(self.user_id)

    @property
    def standing(self) -> Standing:
        return self.standing_of(self.actor)

    def standing_of(self, member: Member | None) -> Standing:
        return Standing(self.pack, self.organization.custom, sorted(member.roles) if member else [])

    def may(self, permission: str) -> bool:
        return permission in self.standing.permissions

    def owns(self, member: Member | None) -> bool:
        return member is not None and self.pack.owner in member.roles

    def has_room(self, roles: Collection[str] = (), *, seats: int = 0, owners: int = 0) -> bool:
        """Tell whether the plan has room for so many more, and has custom roles if one is given."""
        plan = self.organization.plan
        held = len(self.organization.members), sum(map(self.owns, self.organization.members.values()))
        most_owners, most_members = self.pack.caps[plan]
        return (
            not (seats and most_members is not None and held[0] + seats > most_members)
            and not (owners and most_owners is not None and held[1] + owners > most_owners)
            and not (plan != self.pack.custom_on and any(role not in self.pack.roles for role in roles))
        )

    def are_roles(self, roles: Collection[str]) -> bool:
        """Tell whether somebody can have these roles together."""
        known = all(role in self.pack.roles or role in self.organization.custom for role in roles)
        one_alone = self.pack.one_role_each or self.pack.owner in roles
        return known and bool(roles) and not (one_alone and len(roles) > 1)

    def may_hand(self, how: str, roles: Collection[str]) -> bool:
        """Tell whether the actor may invite to these roles or give them."""
        return self.standing.reaches(how, roles) and not (self.pack.one_owner and self.pack.owner in roles)


def succeeds(state: State, pack_name: str, request: Request) -> bool | None:
    """Tell whether a person's request succeeds; None if that is not foretold here."""
    method, path = request.call.split(" ")
    _, collection, *parts = path.split("/")
    if collection != "organizations" or not parts or "client_id" in request.claims:
        return None
    organization = state.organizations.get(parts[0])
    if organization is None or organization.deleted or request.claims["sub"] in state.moved:
        return False
    address = request.claims.get("email") if request.claims.get("email_verified") == "true" else None
    asked = Asked(state, PACKS[pack_name], request.at, request.claims["sub"], address, organization, request.body)
    words = [word if place % 2 == 0 else "*" for place, word in enumerate(parts[1:])]
    rule = _RULES.get(f"{method} {'/'.join(words)}".rstrip())
    return None if rule is None else rule(asked, parts[2] if len(words) > 1 else "")


def _renames(asked: Asked, _item: str) -> bool | None:
    return asked.may("organization:update") if asked.body.keys() == {"name"} else None


def _deletes(asked: Asked, _item: str) -> bool:
    return asked.may("organization:delete")


def _leaves(asked: Asked, _item: str) -> bool:
    return asked.actor is not None and (not asked.owns(asked.actor) or asked.organization.owners > 1)


def _removes(asked: Asked, user_id: str) -> bool:
    target = asked.organization.members.get(user_id)
    if target is None or user_id == asked.user_id or not asked.may("members:remove"):
        return False
    if asked.owns(target) and asked.organization.owners == 1:
        return False
    return asked.standing.reaches("removes", target.roles)


def _changes(asked: Asked, user_id: str) -> bool:
    target, wanted = asked.organization.members.get(user_id), frozenset(asked.body["roles"])
    if not asked.may("roles:assign") or target is None or not asked.are_roles(wanted):
        return False
    if wanted == target.roles:
        return True
    given, taken = wanted - target.roles, target.roles - wanted
    if not asked.may_hand("assigns", given) or not asked.has_room(given, owners=asked.pack.owner in given):
        return False
    if asked.pack.owner in taken and asked.organization.owners == 1:
        return False
    if user_id == asked.user_id:
        return True
    is_protected = asked.owns(target) and asked.pack.owners_are_protected
    return not is_protected and asked.standing.reaches("assigns", target.roles)


def _invites(asked: Asked, _item: str) -> bool:
    roles, email = asked.body["roles"], asked.body["email"]
    if not asked.may("invitations:manage") or asked.address is None or not asked.are_roles(roles):
        return False
    if not asked.may_hand("invites", roles):
        return False
    members = asked.organization.members
    if email in {member.address for member in members.values()} | {asked.state.addresses.get(user) for user in members}:
        return False
    if any(one.email == email and _is_open(asked, one.id) for one in asked.organization.invitations.values()):
        return False
    return asked.has_room(roles, seats=1, owners=asked.pack.owner in roles)


def _is_open(asked: Asked, invitation_id: str) -> bool:
    """Tell whether an invitation can be answered: pending, not past its time, and not void."""
    one = asked.organization.invitations.get(invitation_id)
    if one is None or one.status != "pending" or asked.at >= one.expires_at:
        return False
    return not is_void(asked.organization, one, asked.pack)


def _cancels(asked: Asked, invitation_id: str) -> bool:
    invitation = asked.organization.invitations.get(invitation_id)
    return asked.may("invitations:manage") and invitation is not None and invitation.status in {"pending", "expired"}


def _accepts(asked: Asked, invitation_id: str) -> bool | None:
    if "token" in asked.body:
        return None
    invitation = asked.organization.invitations.get(invitation_id)
    if invitation is None or asked.actor is not None or asked.address != invitation.email:
        return False
    return _is_open(asked, invitation_id) and asked.has_room(
        invitation.roles, seats=1, owners=asked.pack.owner in invitation.roles
    )


_RULES: dict[str, Callable[[Asked, str], bool | None]] = {
    "PATCH": _renames,
    "DELETE": _deletes,
    "POST leave": _leaves,
    "DELETE members/*": _removes,
    "PUT members/*/roles": _changes,
    "POST invitations": _invites,
    "DELETE invitations/*": _cancels,
    "POST invitations/*/accept": _accepts,
}
