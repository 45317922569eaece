"""Growth: whoever may do more after a commit than before got nothing that its giver lacked."""

from collections.abc import Iterator

from prove.oracle.model import Event, Member, Organization, State
from prove.oracle.packs import PACKS, REACH, Pack, Standing


def beyond(before: State, after: State, event: Event, pack_name: str) -> Iterator[str]:
    """Yield who gained, by what a person did, a permission or a reach over people that the giver lacked."""
    old, new = before.organizations.get(event.organization_id), after.organizations.get(event.organization_id)
    if event.actor_type != "user" or old is None or new is None:
        return
    pack, giver = PACKS[pack_name], _giver(old, event)
    own = _abilities(giver, old, pack)
    for user_id, member in sorted(new.members.items()):
        gained = _abilities(member, new, pack) - _abilities(old.members.get(user_id), old, pack)
        if lacked := sorted(gained - own):
            who = giver.user_id if giver else "nobody"
            told = f"{user_id} may now {', '.join(lacked)}; by {who}"
            yield f"{event.type} in {old.id} gave somebody what its giver lacked ({told})."


def _giver(organization: Organization, event: Event) -> Member | None:
    """Return who gives what is gained: who acts, but of what an invitation brings, who invited."""
    giver = event.actor_id or ""
    if event.type == "invitation.accepted":
        invitation = organization.invitations.get(event.target_id)
        giver = invitation.invited_by if invitation else ""
    return organization.members.get(giver)


def _abilities(member: Member | None, organization: Organization, pack: Pack) -> frozenset[str]:
    """Return the permissions that somebody has, and over holders of which built-in roles they have which reach."""
    if member is None:
        return frozenset()
    standing = Standing(pack, organization.custom, sorted(member.roles))
    return standing.permissions.union(f"{how} {role}" for how in REACH for role in standing.reach(how))
