"""POST /organizations/{organization_id}/invitations/{invitation_id}/accept: the invited person joins."""

from roster import links
from roster.api.answers import Answer, ok
from roster.api.app import App
from roster.api.caller import Caller
from roster.api.fields import Roles
from roster.api.problems import Conflict, PlanLimit
from roster.api.request import Request
from roster.api.shown import MemberShape
from roster.clock import now
from roster.membership.answering import REFUSALS, Opened, Reply, naming, open_invitation
from roster.membership.changes import caller_change
from roster.membership.invitations import accepted, address_keys, check_inviter
from roster.membership.members import count, joined_address, joining
from roster.membership.people import joins, keep_person, told_by_token
from roster.membership.requirements import require_room
from roster.membership.shapes import member_shape
from roster.membership.standing import Standing
from roster.table.commit import Change
from roster.table.items import Invitation, Member, User
from roster.table.read import Batch

handler = App()
links.prepare()


class Acceptance(Reply):
    """The link's token, and the roles as they were shown to who accepts, if they want no others."""

    roles: Roles | None = None
    """The roles as they were shown. If the invitation is to others by now, accepting is refused."""


@handler.route(
    "POST",
    "/organizations/{organization_id}/invitations/{invitation_id}/accept",
    raises=(*REFUSALS, Conflict, PlanLimit),
)
def accept(request: Request, organization_id: str, invitation_id: str, body: Acceptance) -> Answer[MemberShape]:
    """Accept an invitation and join the organization.

    The caller proves that it is theirs: by the token of its link, or by being signed in with the invited address,
    verified.
    """
    opened = open_invitation(request, organization_id, invitation_id, body.token, accepting=True)
    view, invitation, inviter, people, origin, proven = opened
    caller, roles = request.caller, view.policy.in_order(invitation.roles)
    with naming(origin):
        if body.roles is not None and {*body.roles} != {*roles}:
            raise Conflict("The invitation is to other roles by now. Look at it again, and decide.", {"roles": roles})
        require_room(view.organization, view.policy, view.policy.growth(roles, members=1), tell_plan=False)

    change = caller_change(
        request, view.organization, "invitation.accepted", ("invitation", invitation_id), roles=roles
    )
    check_inviter(change, view, invitation, inviter)
    count(change, view, given=roles, members=1)
    # What is kept must be true: the sweep and the mail's fate leave the stamp.
    as_read = (Invitation.status == invitation.status) & (Invitation.delivery == invitation.delivery)
    change.require(invitation, as_read)
    change.delete(invitation)
    change.create(accepted(invitation, caller.user_id, copied=not proven))
    address = invitation.email if proven else _own_address(opened, caller)
    member = joining(change, view, caller.user_id, roles=roles, address=address)
    member.invited_by = invitation.invited_by
    if not proven:
        member.handed_over = invitation_id
        _hold_address(change, member, people)
    change.create(member)
    user = view.batch[User.key(caller.user_id)]
    kept = {**told_by_token(caller, user), **joins(user, organization_id)}
    user = keep_person(change, caller.user_id, user, kept, people)
    standing = Standing(view.organization, view.policy, view.batch, member)
    return request.commit(change, ok(member_shape(standing, member, people.with_item(user)), member))


def _own_address(opened: Opened, caller: Caller) -> str | None:
    """Return the verified address of their own that somebody with a copied link joins by.

    None if it is not free: if there is an open invitation to it here, or a member joined by it.
    """
    own = caller.verified_email
    if own is None:
        return None
    open_key, joined_key = address_keys(opened.view.organization.id, own)
    invitation = opened.people[open_key]
    invited = invitation is not None and invitation.status == "pending" and now() < invitation.expires_at
    return None if invited or opened.people[joined_key] is not None else own


def _hold_address(change: Change, member: Member, people: Batch) -> None:
    """Keep the address that a member joins by, if it is still free. `people` has what is kept of it."""
    if member.address is None:
        return
    open_key, _ = address_keys(member.organization_id, member.address)
    dead = people[open_key]
    if dead is None:
        change.check_absent(Invitation(*open_key))
    else:
        change.delete(dead)  # or it could be sent again, to one who is in
    change.create(joined_address(member))
