"""Problems: what a request can be refused with, as RFC 9457 `application/problem+json`.

400 MalformedRequest · 403 Forbidden, EmailNotVerified · 404 NotFound: also for every stranger
409 AlreadyMember, AlreadyInvited, NotPending, Conflict, LastOwner, PlanLimit
410 InvitationExpired, InvitationVoid, LinkReplaced · 412 PreconditionFailed · 413 TooLarge
422 InvalidRequest, IdempotencyKeyReused · 429 TooManyRequests · 503 TryAgain, OtherPack
"""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Annotated, ClassVar, NotRequired, TypedDict

from pydantic import WithJsonSchema
from pydantic_core import to_json

from roster.api.shown import OrganizationBrief, Person, StatusWord, Url

# A refusal is at most 10 KB, whatever came in: what is listed in it is cut, in bytes of JSON too, and the rest counted.
MOST_LISTED = 20
LARGEST_LIST = 8_000
LONGEST_FIELD = 100
LONGEST_MESSAGE = 200


REASONS = (
    *("permission_missing", "role_not_allowed", "role_protected", "role_built_in", "transfer_only", "not_an_owner"),
    *("self", "invited_address_only", "scope_missing", "not_a_person", "unsupported_subject", "subject_moved"),
    "links_not_copied",
)
PLAN_LIMITS = ("owners", "members", "organizations", "custom_roles")
DAILY_LIMITS = (
    *("invitations_per_day", "invitations_per_address", "invitations_per_person", "organizations_per_day"),
    *("bounces", "complaints"),
)


def _one_of(*words: str) -> WithJsonSchema:
    return WithJsonSchema({"type": "string", "enum": [*words]})


class ProblemShape(TypedDict):
    """A refusal, as RFC 9457 has it. Nothing has changed."""

    type: str
    """Its code as a URN. It leads nowhere."""
    title: str
    """What it is, in a few words."""
    status: int
    """The HTTP status."""
    detail: str
    """What to do, in plain words for people."""
    code: str
    """What it is, as a stable word for programs."""
    request_id: str
    """The id that this request has in the logs."""


class Asking(TypedDict, total=False):
    """Whom the invited person can ask, if they came with a link that Roster sent."""

    organization_id: str
    """The organization that invited."""
    organization_name: str
    """The organization's name."""
    invited_by: Person | None
    """Who sent the invitation."""


class Problem(Exception):
    """A refusal: nothing has changed. `detail` tells a person what to do; `code` is stable.

    What a kind of problem adds to its JSON stands in its `Adds`.
    """

    status: ClassVar[HTTPStatus]
    code: ClassVar[str]
    title: ClassVar[str]
    detail: str

    def __init__(
        self, detail: str | None = None, members: Mapping[str, object] | None = None, *, retry_after: int | None = None
    ) -> None:
        """`members` are more of the problem's JSON; `retry_after` is in seconds."""
        self.detail = detail or type(self).detail
        self.members = members or {}
        self.retry_after = retry_after
        super().__init__(f"{self.code}: {self.detail}")

    def shown(self, request_id: str) -> ProblemShape:
        """Return the problem's JSON object; the logs have its request under the id."""
        shape: ProblemShape = {
            "type": f"urn:roster:problem:{self.code}",
            "title": self.title,
            "status": int(self.status),
            "detail": self.detail,
            "code": self.code,
            "request_id": request_id,
        }
        return {**shape, **self.members}  # type: ignore[typeddict-item]  # what it adds is its kind's


def few(name: str, entries: Sequence[object]) -> dict[str, object]:
    """Return a list as a refusal carries it, under its name: as much of it as has room; `more_…` counts the rest."""
    shown = list(entries[:MOST_LISTED])
    while len(to_json(shown)) > LARGEST_LIST:
        shown.pop()
    rest = len(entries) - len(shown)
    return {name: shown} | ({f"more_{name}": rest} if rest else {})


def _cut(text: str, longest: int) -> str:
    return text if len(text) <= longest else f"{text[: longest - 1]}…"


class MalformedRequest(Problem):
    status, code, title = HTTPStatus.BAD_REQUEST, "malformed_request", "The request cannot be read"
    detail = "Send the body as one JSON object in UTF-8, and a cursor as next_cursor gave it, with the same filters."


class Forbidden(Problem):
    status, code, title = HTTPStatus.FORBIDDEN, "forbidden", "You may not do this"
    detail = "Ask somebody whose role allows it."

    class Adds(TypedDict, total=False):
        reason: Annotated[str, _one_of(*REASONS)]
        """Why, as a stable word. New ones may come."""
        permission: str
        """The permission that the caller lacks."""
        role: str
        """The first role that stands in the way, by id."""


class EmailNotVerified(Problem):
    status, code, title = HTTPStatus.FORBIDDEN, "email_not_verified", "Your e-mail address is not verified"
    detail = "Verify your e-mail address with your sign-in provider, sign in again, and repeat this."


class NotFound(Problem):
    status, code, title = HTTPStatus.NOT_FOUND, "not_found", "There is no such thing"
    detail = "There is nothing here, or you may not see it. Check the URL, and which account you are signed in with."


class AlreadyMember(Problem):
    status, code, title = HTTPStatus.CONFLICT, "already_member", "Already a member"
    detail = "This person is a member of the organization already."

    class Adds(Asking, total=False):
        user_id: str
        """The member, for who may see members."""


class AlreadyInvited(Problem):
    status, code, title = HTTPStatus.CONFLICT, "already_invited", "Already invited"
    detail = "This address has a pending invitation. Resend that invitation, or cancel it first."


class NotPending(Problem):
    status, code, title = HTTPStatus.CONFLICT, "not_pending", "The invitation is not open"

    class Adds(Asking):
        invitation_status: StatusWord
        """What became of the invitation."""

    # By the invitation's status, what to do: for who was invited, and for who manages invitations.
    _DETAILS: ClassVar = {
        "accepted": (
            "This invitation has been accepted. Sign in with the account that accepted it.",
            "The invited person has accepted and is a member. Change their roles, or remove them.",
        ),
        "declined": (
            "This invitation has been declined. Ask the person who invited you for a new one.",
            "The invited person has declined. To ask them again, send a new invitation.",
        ),
        "canceled": (
            "This invitation has been canceled. Ask the person who invited you for a new one.",
            "This invitation has been canceled. Send a new one instead.",
        ),
        "expired": (
            "This invitation has expired. Ask the person who invited you to send it again.",
            "This invitation has expired. Resend it, and then copy its new link.",
        ),
        "void": (
            "This invitation is no longer valid. Ask the organization for a new one.",
            "Nobody can accept this invitation: its sender may no longer invite to its role. Resend it first.",
        ),
    }

    _TAKEN = "Somebody else has accepted this invitation by a link to it. Ask the person who invited you for a new one."

    def __init__(self, invitation_status: str, *, to_invited: bool, taken: bool = False) -> None:
        """`to_invited` says who asks: the person invited, or who manages invitations.

        `taken` says that somebody may have accepted it who has not shown that the invited address is theirs.
        """
        invited, manager = self._DETAILS[invitation_status]
        invited = self._TAKEN if taken else invited
        super().__init__(invited if to_invited else manager, {"invitation_status": invitation_status})


class Conflict(Problem):
    status, code, title = HTTPStatus.CONFLICT, "conflict", "This conflicts with what is there"
    detail = "Read what is there now, and try again."

    class Adds(Asking, total=False):
        roles: list[str]
        """The roles that the invitation is to now."""
        holders: int
        """How many members have the role."""
        to: str
        """The user id that the person has now, or will have."""
        organizations: list[OrganizationBrief]
        """The organizations in which both ids are members."""
        more_organizations: int
        """How many more there are."""


class LastOwner(Problem):
    status, code, title = HTTPStatus.CONFLICT, "last_owner", "The organization would be left without an owner"
    detail = "Make somebody else an owner first, or transfer the ownership, or delete the organization."

    class Adds(TypedDict, total=False):
        organizations: list[OrganizationBrief]
        """The organizations that would be left without an owner."""
        more_organizations: int
        """How many more there are."""


class PlanLimit(Problem):
    status, code, title = HTTPStatus.CONFLICT, "plan_limit", "The plan has no room for this"
    detail = "Make room, or move the organization to a larger plan."

    class Adds(Asking):
        limit: Annotated[str, _one_of(*PLAN_LIMITS)]
        """Which limit was reached."""
        maximum: int
        """How many there may be."""
        plan: NotRequired[str]
        """The plan. The invited person is not told."""
        upgrade_url: NotRequired[Url]
        """Where to move to a larger plan. The invited person is not told."""


class InvitationExpired(Problem):
    status, code, title = HTTPStatus.GONE, "invitation_expired", "The invitation has expired"
    detail = "Ask the person who invited you to send it again."
    Adds = Asking


class InvitationVoid(Problem):
    status, code, title = HTTPStatus.GONE, "invitation_void", "The invitation is no longer valid"
    detail = "The person who invited you may no longer do so. Ask the organization for a new invitation."
    Adds = Asking


class LinkReplaced(Problem):
    status, code, title = HTTPStatus.GONE, "link_replaced", "A newer link has replaced this one"
    detail = "Use the link in the latest mail about this invitation, or ask the person who invited you for a new link."
    Adds = Asking


class PreconditionFailed(Problem):
    status, code, title = HTTPStatus.PRECONDITION_FAILED, "precondition_failed", "It has changed in the meantime"
    detail = "Read it again, and send its present ETag as If-Match."


class TooLarge(Problem):
    status, code, title = HTTPStatus.CONTENT_TOO_LARGE, "too_large", "The request is too large"
    detail = "Send a body of at most 64 KiB."


class FieldError(TypedDict):
    """What is wrong with a field."""

    field: str
    """The field of the body, the query parameter or the header. Parts of a field are divided by dots."""
    message: str
    """What to send instead."""


class InvalidRequest(Problem):
    status, code, title = HTTPStatus.UNPROCESSABLE_ENTITY, "invalid_request", "The request is not valid"
    detail = "Correct the fields named in errors."

    class Adds(TypedDict):
        errors: list[FieldError]
        """What is wrong, field by field: at most 20."""
        more_errors: NotRequired[int]
        """How many more there are."""

    def __init__(self, *errors: tuple[str, str]) -> None:
        """`errors` are fields, each with what is wrong with it; equal ones are told once."""
        cut = dict.fromkeys((_cut(field, LONGEST_FIELD), _cut(message, LONGEST_MESSAGE)) for field, message in errors)
        super().__init__(members=few("errors", [{"field": field, "message": message} for field, message in cut]))


class IdempotencyKeyReused(Problem):
    status, code = HTTPStatus.UNPROCESSABLE_ENTITY, "idempotency_key_reused"
    title = "The Idempotency-Key was used for another request"
    detail = "Repeat the first request unchanged, or use a new key for this one."


class TooManyRequests(Problem):
    status, code, title = HTTPStatus.TOO_MANY_REQUESTS, "too_many_requests", "Too many for today"
    detail = "Wait for the seconds in Retry-After."

    class Adds(TypedDict):
        limit: Annotated[str, _one_of(*DAILY_LIMITS)]
        """Which limit of a day was reached."""


class TryAgain(Problem):
    status, code, title = HTTPStatus.SERVICE_UNAVAILABLE, "try_again", "Busy for the moment"
    detail = "No change is half done. Wait for the seconds in Retry-After, and repeat this request."

    def __init__(self, detail: str | None = None, *, retry_after: int = 1) -> None:
        super().__init__(detail, retry_after=retry_after)


class OtherPack(TryAgain):
    """The organization is of another pack than this deployment runs: it waits for the operator, and nothing changes."""

    WAIT = 60  # seconds: clients do not wait for so long by themselves

    def __init__(self, pack: str, deployed: str, *, moving: bool) -> None:
        sentences = (
            f"This organization is being moved from the policy pack {pack!r} to another. "
            "The operator of the service must run make migrate to its end (docs/packs.md)."
            if moving
            else f"This organization uses the policy pack {pack!r}, and the service runs {deployed!r}. Nothing has "
            f"changed. The operator of the service must deploy it with Pack={pack} again, or move the organizations to "
            f"{deployed!r} with make migrate (docs/packs.md)."
        )
        super().__init__(sentences, retry_after=self.WAIT)
