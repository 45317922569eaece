"""POST /organizations/{organization_id}/invitations, and …/invitations/batch: invite an address, or up to twenty."""

from typing import Annotated, Any, Literal, TypedDict

from pydantic import Field, ValidationError

from roster.api.addresses import ADDRESS_LENGTH
from roster.api.answers import Answer, Created, created, ok
from roster.api.app import App, decide
from roster.api.fields import Address, AtMost, Body, JudgedLater, Locale, Message, Roles
from roster.api.parsing import named
from roster.api.problems import (
    AlreadyInvited,
    AlreadyMember,
    EmailNotVerified,
    InvalidRequest,
    PlanLimit,
    Problem,
    ProblemShape,
    TooManyRequests,
)
from roster.api.request import Request
from roster.api.shown import InvitationShape
from roster.clock import now
from roster.membership.changes import caller_change
from roster.membership.invitations import (
    can_to_invitation,
    check_dead,
    doubted_keys,
    invitation_keys,
    require_dead,
    sending,
)
from roster.membership.members import having_keys, release_handed_over, require_no_member
from roster.membership.quotas import count_sending, require_sendable
from roster.membership.requirements import refuse_unless, require_fit, require_room, require_verified
from roster.membership.shapes import invitation_shape
from roster.membership.standing import standing_of
from roster.metrics import count
from roster.table.items import AddressHolders, Invitation, JoinedAddress, User
from roster.table.keys import invitation_id
from roster.table.read import read

handler = App()


class NewInvitation(Body):
    """Whom to invite, to which roles, with which message, in which language."""

    email: Address
    """The address to invite."""
    roles: Roles
    """The roles by id that the invited person will have."""
    message: Message | None = None
    """A few words to the invited person. They stand in the mail."""
    locale: Locale | None = None
    """The language of the mail, as a BCP 47 tag. Without one, the organization's."""


@handler.route(
    "POST",
    "/organizations/{organization_id}/invitations",
    raises=(EmailNotVerified, AlreadyMember, AlreadyInvited, PlanLimit, TooManyRequests),
)
def send(request: Request, organization_id: str, body: NewInvitation) -> Created[InvitationShape]:
    """Invite an e-mail address. Roster mails the invitation."""
    item_id = invitation_id(organization_id, body.email)
    key, joined_key = invitation_keys(organization_id, item_id)
    holders_key, me = AddressHolders.key(body.email), User.key(request.caller.user_id)
    standing = standing_of(request, organization_id, key, joined_key, holders_key, me)
    policy, organization = standing.policy, standing.organization
    standing.require("invitations:manage")
    require_verified(request.caller.verified_email)
    require_fit(policy, body.roles)
    refuse_unless(policy.may_invite(standing.roles, body.roles))
    old = standing.batch[key]
    holders = standing.batch[holders_key]
    more = read([*having_keys(standing, holders), *doubted_keys(old)])
    joined = standing.batch[joined_key]
    require_no_member(standing, joined, holders, more)
    inviter = require_dead(standing, old, more)
    growth = policy.growth(body.roles, members=1)
    require_room(organization, policy, growth)
    require_sendable(policy.pack, organization, standing.batch[me], old or joined, now())

    change = caller_change(
        request, organization, "invitation.sent", ("invitation", item_id), roles=policy.in_order(body.roles)
    )
    invitation = Invitation(
        *key,
        email=body.email,
        roles=set(body.roles),
        message=body.message,
        locale=body.locale,
        gsi1pk=f"EMAIL#{body.email}",
        gsi1sk=f"ORG#{organization_id}",
        **sending(change, standing, old or joined, sends=1, invitation_id=item_id),
    )
    standing.check(change, *body.roles)
    check_dead(change, standing, old, inviter)
    change.room(organization, growth)
    if joined is None:
        change.check_absent(JoinedAddress(*joined_key))
    else:
        change.delete(joined)
        release_handed_over(change, joined)
    if old is None:
        change.create(invitation)
    else:
        change.replace(old, invitation)
    count_sending(change, policy.pack, organization, request.caller.user_id, standing.batch[me])
    can = can_to_invitation(standing, invitation, request.caller.verified_email, status="pending")
    shape = invitation_shape(policy, invitation, standing.batch, status="pending", can=can)
    return request.commit(change, created(shape, f"/organizations/{organization_id}/invitations/{item_id}", invitation))


class NewInvitations(Body):
    """Up to twenty invitations; each succeeds or fails on its own."""

    invitations: Annotated[list[Annotated[Any, JudgedLater(NewInvitation)]], Field(min_length=1), AtMost(20)]
    """The invitations: each as in inviting one address."""


class SentRow(TypedDict):
    """An invitation that was sent."""

    email: str | None
    """The address, as it was sent."""
    status: Literal[201]
    """The status that inviting this address alone would have had."""
    invitation: InvitationShape
    """The invitation."""


class RefusedRow(TypedDict):
    """An invitation that was refused."""

    email: str | None
    """The address, as it was sent. Null if there was none."""
    status: Annotated[int, Field(ge=400)]
    """The status that inviting this address alone would have had."""
    problem: ProblemShape
    """Why it was refused."""


class BatchShape(TypedDict):
    """What became of each invitation."""

    results: list[SentRow | RefusedRow]
    """A result for each invitation, in the order asked."""


@handler.route("POST", "/organizations/{organization_id}/invitations/batch")
def send_batch(request: Request, organization_id: str, body: NewInvitations) -> Answer[BatchShape]:
    """Invite up to twenty e-mail addresses. Each invitation succeeds or fails on its own."""
    standing_of(request, organization_id).require("invitations:manage")
    return ok({"results": [_one(request, organization_id, *row) for row in enumerate(body.invitations)]})


def _one(request: Request, organization_id: str, number: int, entry: object) -> SentRow | RefusedRow:
    """Invite one address of a batch, and return what the single call would have answered."""
    email = entry.get("email") if isinstance(entry, dict) else None
    told = email[:ADDRESS_LENGTH] if isinstance(email, str) else None
    try:
        body = NewInvitation.model_validate(entry)
        answer = decide(send, request.part(number, entry), organization_id=organization_id, body=body)
    except ValidationError as error:
        problem: Problem = InvalidRequest(*named(error, "body"))
    except Problem as refused:
        problem = refused
    else:
        return {"email": told, "status": 201, "invitation": answer.body}
    count("Refusals", code=problem.code)
    return {"email": told, "status": int(problem.status), "problem": problem.shown(request.id)}
