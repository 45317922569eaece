"""POST /organizations/{organization_id}/transfer: an owner transfers their ownership to a member, in one step."""

from typing import Any

from pydantic import Field

from roster.api.answers import Answer, ok
from roster.api.app import App
from roster.api.fields import Body, UserId
from roster.api.problems import Conflict, Forbidden, PlanLimit
from roster.api.request import Request
from roster.api.shown import MemberShape
from roster.membership.changes import caller_change
from roster.membership.members import count_holders, member_of, write_roles
from roster.membership.ownership import disowning, owned_keys, owning
from roster.membership.people import read_named, write_person
from roster.membership.shapes import member_shape
from roster.membership.standing import View, standing_of, view_of
from roster.policy.decisions import Growth
from roster.policy.pack import deployed_pack
from roster.table.items import Member, Organization, User
from roster.table.keys import Key

handler = App()


class NewOwner(Body):
    """To whom the caller's ownership goes."""

    user_id: UserId
    """The member who will own the organization."""


@handler.route("POST", "/organizations/{organization_id}/transfer", raises=(Conflict, PlanLimit))
def transfer(request: Request, organization_id: str, body: NewOwner) -> Answer[MemberShape]:
    """Transfer the caller's ownership to another member."""
    standing = standing_of(request, organization_id, *_keys(organization_id, request.caller.user_id, body.user_id))
    standing.require("ownership:transfer")
    return _transfer(request, standing, standing.actor, body.user_id)


class FromTo(NewOwner):
    """Whose ownership goes to whom."""

    from_: UserId = Field(alias="from")
    """The owner whose ownership it is."""


@handler.route(
    "POST", "/organizations/{organization_id}/transfer", scope="roster/support", raises=(Conflict, PlanLimit)
)
def settle(request: Request, organization_id: str, body: FromTo) -> Answer[MemberShape]:
    """Transfer the ownership of somebody who is gone. The product's support has checked that it may."""
    view = view_of(request, organization_id, *_keys(organization_id, body.from_, body.user_id))
    return _transfer(request, view, member_of(view, body.from_), body.user_id)


def _keys(organization_id: str, *user_ids: str) -> list[Key[Any]]:
    """Return where people and their memberships stand."""
    return [key for one in user_ids for key in (Member.key(organization_id, one), User.key(one))]


def _transfer(request: Request, view: View, giver: Member, receiver_id: str) -> Answer[MemberShape]:
    """Make one swap of it: no moment has no owner, and none has two where there is one."""
    organization, policy, pack = view.organization, view.policy, deployed_pack()
    receiver = member_of(view, receiver_id)
    if not giver.owns:
        raise Forbidden("The ownership can only be transferred from an owner.", {"reason": "not_an_owner"})
    if receiver.owns:
        raise Conflict("This member owns the organization already.")
    old, new = view.batch[User.key(giver.user_id)], view.batch[User.key(receiver_id)]
    invited_by = [] if receiver.invited_by is None else [User.key(receiver.invited_by)]
    more = read_named([User.key(receiver_id), *invited_by, *owned_keys(pack, new, organization.plan)])

    moved = {"from": giver.user_id, "to": receiver_id}
    change = caller_change(
        request, organization, "organization.ownership_transferred", ("member", receiver_id), **moved
    )
    view.check(change, *giver.roles, *receiver.roles)
    change.require(organization, Organization.plan == organization.plan)  # by which one person may own so many
    change.room(organization, Growth())
    owned, left = owning(change, pack, new, organization, more), disowning(pack, old, organization.id)
    # What the owner's role was called before the pack renamed it is given away with it.
    held = giver.roles if policy.owns(giver.roles) else giver.roles - policy.unknown(giver.roles)
    giving, receiving = policy.after_giving(held), policy.after_receiving(receiver.roles)
    count_holders(change, view, given=[*giving, *receiving], taken=[*giver.roles, *receiver.roles])
    write_roles(change, view, giver, giving)
    write_roles(change, view, receiver, receiving)
    for user_id, user, values in ((receiver_id, new, owned), (giver.user_id, old, left)):
        if values:
            write_person(change, user_id, user, values)
    return request.commit(change, ok(member_shape(view, receiver, more), receiver))
