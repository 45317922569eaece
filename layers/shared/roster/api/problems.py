"""Problems: what a request can be refused with, as RFC 9457 `application/problem+json`.

Problem
├── MalformedRequest 400
├── Forbidden 403 (reason; permission or role)
│   └── EmailNotVerified
├── NotFound 404: also for every stranger
├── 409
│   ├── AlreadyMember
│   ├── AlreadyInvited
│   ├── NotPending (invitation_status)
│   ├── Conflict
│   ├── LastOwner (organizations, more_organizations)
│   └── PlanLimit (limit, maximum, plan, upgrade_url)
├── InvitationExpired, InvitationVoid, LinkReplaced 410
├── PreconditionFailed 412
├── TooLarge 413
├── InvalidRequest 422 (errors, more_errors)
├── IdempotencyKeyReused 422
├── TooManyRequests 429 (limit)
└── TryAgain 503
"""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any, ClassVar

from pydantic_core import to_json

# A refusal is at most 10 KB, whatever came in: what is listed in it is cut, in bytes of JSON too, and the rest counted.
MOST_LISTED = 20
LARGEST_LIST = 8_000
LONGEST_FIELD = 100
LONGEST_MESSAGE = 200


class Problem(Exception):
    """A refusal: nothing has changed. `detail` tells a person what to do; `code` is stable."""

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

    def shown(self, request_id: str) -> dict[str, Any]:
        """Return the problem's JSON object; the logs have its request under the id."""
        return {
            "type": f"urn:roster:problem:{self.code}",
            "title": self.title,
            "status": int(self.status),
            "detail": self.detail,
            "code": self.code,
            "request_id": request_id,
            **self.members,
        }


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


class EmailNotVerified(Problem):
    status, code, title = HTTPStatus.FORBIDDEN, "email_not_verified", "Your e-mail address is not verified"
    detail = "Verify your e-mail address with your sign-in provider, sign in again, and repeat this."


class NotFound(Problem):
    status, code, title = HTTPStatus.NOT_FOUND, "not_found", "There is no such thing"
    detail = "There is nothing here, or you may not see it. Check the URL, and which account you are signed in with."


class AlreadyMember(Problem):
    status, code, title = HTTPStatus.CONFLICT, "already_member", "Already a member"
    detail = "This person is a member of the organization already."


class AlreadyInvited(Problem):
    status, code, title = HTTPStatus.CONFLICT, "already_invited", "Already invited"
    detail = "This address has a pending invitation. Resend that invitation, or cancel it first."


class NotPending(Problem):
    status, code, title = HTTPStatus.CONFLICT, "not_pending", "The invitation is not open"
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


class LastOwner(Problem):
    status, code, title = HTTPStatus.CONFLICT, "last_owner", "The organization would be left without an owner"
    detail = "Make somebody else an owner first, or transfer the ownership, or delete the organization."


class PlanLimit(Problem):
    status, code, title = HTTPStatus.CONFLICT, "plan_limit", "The plan has no room for this"
    detail = "Make room, or move the organization to a larger plan."


class InvitationExpired(Problem):
    status, code, title = HTTPStatus.GONE, "invitation_expired", "The invitation has expired"
    detail = "Ask the person who invited you to send it again."


class InvitationVoid(Problem):
    status, code, title = HTTPStatus.GONE, "invitation_void", "The invitation is no longer valid"
    detail = "The person who invited you may no longer do so. Ask the organization for a new invitation."


class LinkReplaced(Problem):
    status, code, title = HTTPStatus.GONE, "link_replaced", "A newer link has replaced this one"
    detail = "Use the link in the latest mail about this invitation, or ask the person who invited you for a new link."


class PreconditionFailed(Problem):
    status, code, title = HTTPStatus.PRECONDITION_FAILED, "precondition_failed", "It has changed in the meantime"
    detail = "Read it again, and send its present ETag as If-Match."


class TooLarge(Problem):
    status, code, title = HTTPStatus.CONTENT_TOO_LARGE, "too_large", "The request is too large"
    detail = "Send a body of at most 64 KiB."


class InvalidRequest(Problem):
    status, code, title = HTTPStatus.UNPROCESSABLE_ENTITY, "invalid_request", "The request is not valid"
    detail = "Correct the fields named in errors."

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


class TryAgain(Problem):
    status, code, title = HTTPStatus.SERVICE_UNAVAILABLE, "try_again", "Busy for the moment"
    detail = "No change is half done. Wait for the seconds in Retry-After, and repeat this request."

    def __init__(self) -> None:
        super().__init__(retry_after=1)
