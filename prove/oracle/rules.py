"""The rules that hold at every moment, and those that a step must not break: each violation is a sentence."""

from collections import Counter
from collections.abc import Iterator

from prove.oracle.model import Member, Organization, State
from prove.oracle.packs import PACKS, Pack


def broken(state: State, pack_name: str) -> Iterator[str]:
    """Yield what is wrong at one moment."""
    pack = PACKS[pack_name]
    for name in state.partial:
        yield f"{name} is part of an item: something was to be changed that was not there."
    for user, address in state.addresses.items():
        if user not in state.holders.get(address, ()):
            yield f"{user} has the address {address}, and does not stand beside it."
    for address, users in state.holders.items():
        for user in users:
            if state.addresses.get(user) != address:
                yield f"{user} stands beside the address {address}, and has it no more."
    for organization in state.organizations.values():
        if not organization.deleted:
            for sentence in (*_broken(organization, pack), *_kept(organization, state, pack)):
                yield f"Organization {organization.id}: {sentence}"


def _kept(organization: Organization, state: State, pack: Pack) -> Iterator[str]:
    """Yield what does not go together with what is kept of its members beside it."""
    for user in organization.members.keys() & state.moved:
        yield f"{user} is a member, under an id that they were moved from."
    for user in organization.members.keys() - state.moved - state.people:
        yield f"{user} is a member, and nothing is kept of them."
    for member in organization.members.values() if pack.one_owner else ():
        if pack.owner in member.roles and organization.id not in state.owned.get(member.user_id, ()):
            yield f"it does not count among those that {member.user_id} owns."


def _broken(organization: Organization, pack: Pack) -> Iterator[str]:
    members = organization.members
    owners = [member for member in members.values() if pack.owner in member.roles]
    if not owners:
        yield "nobody owns it."
    if pack.one_owner and len(owners) > 1:
        yield f"{len(owners)} own it, where one does."
    if organization.owners != len(owners):
        yield f"it counts {organization.owners} owners, and has {len(owners)}."
    if organization.members_counted != len(members):
        yield f"it counts {organization.members_counted} members, and has {len(members)}."
    for member in members.values():
        yield from _roles(member, organization, pack)
    held = Counter(role for member in members.values() for role in member.roles if role in organization.custom)
    for role in organization.custom:
        if organization.holders.get(role, 0) != held[role]:
            yield f"{organization.holders.get(role, 0)} are counted with the role {role}, and {held[role]} have it."
    yield from _addresses(organization)


def _roles(member: Member, organization: Organization, pack: Pack) -> Iterator[str]:
    if not member.roles or (pack.one_role_each and len(member.roles) > 1):
        yield f"{member.user_id} has {len(member.roles)} roles."
    if pack.owner in member.roles and len(member.roles) > 1:
        yield f"{member.user_id} owns it, and has other roles beside that."
    for role in member.roles - pack.roles.keys() - organization.custom.keys():
        yield f"{member.user_id} has the role {role}, which there is not."


def _addresses(organization: Organization) -> Iterator[str]:
    live = Counter(one.email.lower() for one in organization.invitations.values() if one.status == "pending")
    for address, count in live.items():
        if count > 1:
            yield f"{address} has {count} live invitations."
    if both := organization.joined.keys() & organization.invitations.keys():
        yield f"the invitations {sorted(both)} are accepted and open at once."
    for whose in organization.joined.values():
        if whose not in organization.members:
            yield f"an address is kept for {whose}, who is no member."


def grown(before: State, after: State, pack_name: str) -> Iterator[str]:
    """Yield what grew beyond its plan in one step. A downgrade alone may leave more than the plan allows."""
    pack = PACKS[pack_name]
    for organization in after.organizations.values():
        old = before.organizations.get(organization.id)
        if organization.deleted or old is None or organization.plan not in pack.caps:
            continue
        counts = [
            (what, now, was, cap)
            for what, now, was, cap in zip(
                ("owners", "members"),
                (organization.owners, len(organization.members)),
                (old.owners, len(old.members)),
                pack.caps[organization.plan],
                strict=True,
            )
            if cap is not None and now > cap and now > was
        ]
        for what, now, was, cap in counts:
            plan = organization.plan
            yield f"Organization {organization.id} grew from {was} to {now} {what}, where {plan} allows {cap}."
