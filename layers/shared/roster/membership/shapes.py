"""The shapes that the API shows: each is built here and nowhere else, with names joined in from the people read."""

from collections.abc import Collection, Iterable
from typing import cast

from roster.api.shown import (
    InvitationCan,
    InvitationShape,
    MemberCan,
    MemberShape,
    OrganizationBrief,
    OrganizationShape,
    Person,
    RoleShape,
    SingleMember,
)
from roster.clock import rfc3339
from roster.membership.custom import can_to_role, holders_of
from roster.membership.people import read_named
from roster.membership.requirements import has_room
from roster.membership.standing import View
from roster.policy.decisions import Policy
from roster.policy.pack import Role, deployed_pack
from roster.table.items import InvitationAttributes, Member, Organization, User
from roster.table.read import Batch


def organization_shape(organization: Organization) -> OrganizationShape:
    """Show an organization whole; on the pack's last plan there is nothing to upgrade to."""
    pack = deployed_pack()
    plan, last = pack.plan(organization.plan), [*pack.plans][-1]
    return {
        **organization_brief(organization),
        "plan_title": plan.title,
        "upgrade_url": None if plan.name == last else pack.upgrade_url,
        "several_roles": pack.several_roles,
        "locale": organization.locale,
        "email_notifications": organization.email_notifications,
        "member_count": organization.members,
        "owner_count": organization.owners,
        "limits": {"owners": organization.max_owners, "members": organization.max_members},
        "external_id": organization.external_id,
        "metadata": organization.metadata or {},
        "created_at": rfc3339(organization.created_at),
    }


def organization_brief(organization: Organization) -> OrganizationBrief:
    """Show an organization inside another thing."""
    return {"id": organization.id, "name": organization.name, "pack": organization.pack, "plan": organization.plan}


def read_people(user_ids: Iterable[str | None]) -> Batch:
    """Read people by id, to join their names onto rows: in one round trip for each 100."""
    return read_named(User.key(user_id) for user_id in user_ids if user_id is not None)


def person(people: Batch, user_id: str | None) -> Person | None:
    """Show who did something; a person who is erased is an id without a name."""
    if user_id is None:
        return None
    user = people[User.key(user_id)]
    return {"user_id": user_id, "name": user.name if user else None, "email": user.email if user else None}


def member_shapes(view: View, members: Iterable[Member], people: Batch) -> list[MemberShape]:
    """Show members. What the caller may do to others is worked out once for all who have the same roles."""
    known: dict[tuple[frozenset[str], bool], MemberCan] = {}
    shapes = []
    for member in members:
        alike = frozenset(member.roles), member.owns
        if view.is_actor(member) or alike not in known:
            can = _can_to_member(view, member)
            if not view.is_actor(member):
                known[alike] = can
        else:
            can = known[alike]
        shapes.append(_member(view, member, people, can))
    return shapes


def member_shape(view: View, member: Member, people: Batch) -> MemberShape:
    """Show a member, with what the caller may do to them now."""
    return _member(view, member, people, _can_to_member(view, member))


def _member(view: View, member: Member, people: Batch, can: MemberCan) -> MemberShape:
    user = people[User.key(member.user_id)]
    return {
        "user_id": member.user_id,
        "email": shown_address(member, user),
        "name": user.name if user else None,
        "roles": view.policy.in_order(member.roles),
        "joined_at": rfc3339(member.joined_at),
        "last_signed_in_at": _last_signed_in(user, member) if view.reads_log else None,
        "invited_by": person(people, member.invited_by),
        "can": can,
    }


def shown_address(member: Member, user: User | None) -> str | None:
    """Return a member's address: the verified one of their token, else the one that they joined by."""
    return (user.email if user else None) or member.address


def single_shape(view: View, member: Member, people: Batch, verified: str | None) -> SingleMember:
    """Show a member; the caller themselves with what they may do, and whom they may invite: caps not counted."""
    shape = cast("SingleMember", member_shape(view, member, people))  # it has all but what is the caller's own
    if view.is_actor(member):
        policy = view.policy
        invitable = [] if verified is None else [role for role in policy.roles if policy.may_invite(view.roles, [role])]
        shape["permissions"] = sorted(policy.permissions_of(member.roles))
        shape["invitable_roles"] = invitable
    return shape


def titles(policy: Policy, roles: Collection[str]) -> list[str]:
    """Return the titles of roles, in the order that they are shown in; one that is gone reads as its id."""
    return [policy.roles[name].title if name in policy.roles else name for name in policy.in_order(roles)]


def _last_signed_in(user: User | None, member: Member) -> str | None:
    """Return the hour of a person's last sign-in since they joined: the minute would tell what they do elsewhere."""
    if user is None or user.signed_in_at is None or user.signed_in_at < member.joined_at:
        return None
    return rfc3339(user.signed_in_at.replace(minute=0, second=0, microsecond=0))


def _can_to_member(view: View, member: Member) -> MemberCan:
    organization, policy = view.organization, view.policy
    own, held = view.is_actor(member), view.counted(member)
    judged = frozenset(member.roles) if own else view.judged(member)
    stuck = member.owns and organization.owners <= 1  # the last owner can neither go nor step down
    assignable = [
        role
        for role in ([] if stuck else policy.assignable_roles(view.roles, judged, own=own))
        if has_room(organization, policy, policy.growth([role], held))
    ]
    if assignable == [*member.roles]:
        assignable = []  # nothing could change
    return {
        "remove": not own and not stuck and bool(policy.may_remove(view.roles, judged)),
        "change_roles": bool(assignable),
        "leave": own and not stuck,
        "receive_ownership": view.owns and not member.owns,
        "assignable_roles": assignable,
    }


def invitation_shape(
    policy: Policy, invitation: InvitationAttributes, people: Batch, *, status: str, can: InvitationCan
) -> InvitationShape:
    """Show an invitation with its worked-out status."""
    return {
        "id": invitation.id,
        "organization_id": invitation.organization_id,
        "email": invitation.email,
        "roles": policy.in_order(invitation.roles),
        "message": invitation.message,
        "locale": invitation.locale,
        "status": status,
        "invited_by": person(people, invitation.invited_by),
        "sent_at": rfc3339(invitation.sent_at),
        "expires_at": rfc3339(invitation.expires_at),
        "sends": invitation.sends,
        "delivery": invitation.delivery,
        "can": can,
    }


def role_shape(view: View, role: Role) -> RoleShape:
    """Show a role, with what the caller may do to it now."""
    policy = view.policy
    return {
        "id": role.id,
        "title": role.title,
        "description": role.description or None,
        "custom": role.custom,
        "alone": policy.stands_alone(role.id),
        "permissions": sorted(role.permissions),
        "invites": policy.in_order(role.invites),
        "removes": policy.in_order(role.removes),
        "assigns": policy.in_order(role.assigns),
        "holders": holders_of(view, role),
        "can": can_to_role(view, role),
    }
