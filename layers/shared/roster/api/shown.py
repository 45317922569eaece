"""What the API shows, as types: the shape functions are checked against them, and its description is made from them.

The words under a member are for who calls the API. They cost nothing at run time: only the description reads them.
"""

from typing import Annotated, Literal, NotRequired, TypedDict, get_args

from pydantic import WithJsonSchema

from roster.api.answers import Versioned

type Status = Literal["pending", "accepted", "declined", "canceled", "expired", "void"]
DELIVERIES = ("queued", "sent", "delivered", "bounced", "complained", "suppressed")
ACTORS = ("user", "machine", "system")

# Text by its form: checked by mypy as text, and by the tests as what it says here.
Time = Annotated[str, WithJsonSchema({"type": "string", "format": "date-time"})]
Url = Annotated[str, WithJsonSchema({"type": "string", "format": "uri"})]
StatusWord = Annotated[str, WithJsonSchema({"type": "string", "enum": [*get_args(Status.__value__)]})]
DeliveryWord = Annotated[str, WithJsonSchema({"type": "string", "enum": [*DELIVERIES]})]
ActorWord = Annotated[str, WithJsonSchema({"type": "string", "enum": [*ACTORS]})]


class OrganizationBrief(TypedDict):
    """An organization inside another thing."""

    id: str
    """Its id. It never changes."""
    name: str
    """Its name, as people see it."""
    pack: str
    """The policy pack of this deployment. It says which roles and plans there are."""
    plan: str
    """The plan that it is on, by its name in the pack."""


class Limits(TypedDict):
    """How many the plan allows."""

    owners: int | None
    """The most owners. Null means that there is no limit."""
    members: int | None
    """The most members, owners included. Null means that there is no limit."""


class OrganizationShape(OrganizationBrief, Versioned):
    """An organization."""

    plan_title: str
    """The plan's name for people."""
    upgrade_url: Url | None
    """Where to move to a larger plan. Null on the largest."""
    several_roles: bool
    """Whether a member may have more than one role."""
    locale: str | None
    """The language of its mails, as a BCP 47 tag."""
    email_notifications: bool
    """Whether mails about this organization are sent. If not, invitations are not mailed either."""
    member_count: int
    """How many members it has, owners included."""
    owner_count: int
    """How many owners it has. There is always at least one."""
    limits: Limits
    """How many owners and members its plan allows."""
    external_id: str | None
    """The product's own id for it, set by a machine."""
    metadata: dict[str, str]
    """What the product keeps with it, set by a machine."""
    created_at: Time
    """When it was created."""


class ListedOrganization(OrganizationShape):
    """An organization in a list."""

    etag: str
    """Its ETag. Send it as If-Match to change the organization only if nobody else has."""


class Person(TypedDict):
    """A person who did something. Name and address are null if they are unknown, or were erased."""

    user_id: str
    """Their user id: the `sub` of their token."""
    name: str | None
    """Their name."""
    email: str | None
    """Their verified e-mail address."""


class MemberCan(TypedDict):
    """What the caller may do to this member now. Plan limits and the last owner are taken into account."""

    remove: bool
    """Whether the caller may remove them."""
    change_roles: bool
    """Whether the caller may give them other roles: those in `assignable_roles`."""
    leave: bool
    """Whether the caller is this member and may leave."""
    receive_ownership: bool
    """Whether the caller may transfer their ownership to them."""
    assignable_roles: list[str]
    """The roles that the caller may give them, by id."""


class MemberShape(Versioned):
    """A member of an organization."""

    user_id: str
    """Their user id: the `sub` of their token."""
    email: str | None
    """Their verified e-mail address, or else the one that they were invited by."""
    name: str | None
    """Their name, as their sign-in provider tells it."""
    roles: list[str]
    """Their roles by id, in the pack's order."""
    joined_at: Time
    """When they joined."""
    last_signed_in_at: Time | None
    """When they signed in last since they joined, to the hour. Null for who may not read the activity log."""
    invited_by: Person | None
    """Who invited them. Null for who created the organization, or was added by a machine."""
    can: MemberCan
    """What the caller may do to them now."""


class ListedMember(MemberShape):
    """A member in a list."""

    etag: str
    """Its ETag. Send it as If-Match to change the member only if nobody else has."""


class SingleMember(MemberShape):
    """A member. The caller's own membership has `permissions` and `invitable_roles`, too."""

    permissions: NotRequired[list[str]]
    """What the caller may do in this organization. Absent if this is somebody else."""
    invitable_roles: NotRequired[list[str]]
    """The roles that the caller may invite to, by id. Empty if their e-mail address is not verified. Absent if this is
    somebody else."""


class InvitationCan(TypedDict):
    """What the caller may do to this invitation now. Plan limits are taken into account."""

    resend: bool
    """Whether the caller may send it again."""
    cancel: bool
    """Whether the caller may cancel it."""
    copy_link: bool
    """Whether the caller may have a link to it, to hand over without mail."""


class InvitationShape(Versioned):
    """An invitation of one e-mail address to an organization."""

    id: str
    """Its id."""
    organization_id: str
    """The organization that it invites to."""
    email: str
    """The address that was invited."""
    roles: list[str]
    """The roles by id that the invited person will have."""
    message: str | None
    """What the inviter wrote to the invited person."""
    locale: str | None
    """The language of its mail, as a BCP 47 tag."""
    status: StatusWord
    """Whether it is open, was answered, or has ended. It is void if who invited may no longer do so."""
    invited_by: Person | None
    """Who sent it last."""
    sent_at: Time
    """When it was sent last."""
    expires_at: Time
    """Until when it can be accepted."""
    sends: int
    """How often it was sent."""
    delivery: DeliveryWord
    """What became of its mail. It is suppressed if no mail was sent."""
    can: InvitationCan
    """What the caller may do to it now."""


class ListedInvitation(InvitationShape):
    """An invitation in a list."""

    etag: str
    """Its ETag. Send it as If-Match to change the invitation only if nobody else has."""


class ReceivedInvitation(ListedInvitation):
    """An invitation as the invited person sees it."""

    organization: OrganizationBrief
    """The organization that it invites to."""
    role_titles: list[str]
    """The names of the roles for people, in the order of `roles`."""


class RoleCan(TypedDict):
    """What the caller may do to this role now."""

    edit: bool
    """Whether the caller may change it."""
    delete: bool
    """Whether the caller may delete it. Nobody may delete a role that a member has."""


class RoleShape(TypedDict):
    """A role: the pack's own, or a custom one of this organization."""

    id: str
    """Its id."""
    title: str
    """Its name for people."""
    description: str | None
    """What it is for."""
    custom: bool
    """Whether the organization made it itself."""
    alone: bool
    """Whether who has it can have no other role beside it."""
    permissions: list[str]
    """What its holders may do."""
    invites: list[str]
    """The roles by id that its holders may invite to."""
    removes: list[str]
    """The roles by id whose holders may be removed."""
    assigns: list[str]
    """The roles by id that its holders may give and take away."""
    holders: int | None
    """How many members have it. Null for the pack's own roles."""
    can: RoleCan
    """What the caller may do to it now."""


class Actor(TypedDict):
    """Who did it."""

    type: ActorWord
    """A user, a machine, or Roster itself."""
    id: str | None
    """The user id, or the machine's client id. Null for Roster itself."""
    name: str | None
    """The user's name, as it is now. Null if they were erased."""
    email: str | None
    """The user's verified e-mail address, as it is now. Null if they were erased."""


class Target(TypedDict):
    """What it happened to."""

    type: str
    """A kind of thing: organization, member, invitation, role, user, or one of the product's own."""
    id: str
    """Its id."""
    name: str | None
    """Its name, if there is one."""


class EventShape(TypedDict):
    """An entry of the activity log."""

    id: str
    """Its id."""
    type: str
    """What happened, such as `member.removed`. New types may come."""
    at: Time
    """When it was recorded."""
    occurred_at: Time
    """When it happened."""
    actor: Actor
    """Who did it."""
    via: str | None
    """The machine that recorded it for a user."""
    target: Target
    """What it happened to."""
    data: dict[str, object]
    """Details, which depend on the type."""
    sentence: str
    """What happened, as an English sentence."""
    request_id: str | None
    """The request that did it, by its id in the logs."""
