"""PUT /me, PATCH /me, PUT /me/active-organization: a person has signed in, says what they want, and where they work."""

from collections.abc import Callable
from typing import Any, TypedDict

from pydantic import StrictBool, StrictStr

from roster.activity import NOBODY_NAMED
from roster.api.answers import Answer, ok
from roster.api.app import OPAQUE_ID, App
from roster.api.caller import Caller
from roster.api.fields import Body, Locale
from roster.api.problems import NotFound
from roster.api.request import Replay, Request
from roster.clock import now
from roster.membership.changes import caller_change
from roster.membership.ownership import FirstOwner, creating, default_name, may_own_one_more, owned_keys
from roster.membership.people import (
    active_membership,
    holder_keys,
    keep_person,
    membership,
    membership_keys,
    told_by_token,
    write_person,
)
from roster.membership.quotas import creations_so_far
from roster.policy.pack import deployed_pack
from roster.table.commit import Transaction
from roster.table.items import Organization, User
from roster.table.keys import Key
from roster.table.read import Batch, read

handler = App()

# How many sign-ins a person's item remembers: of as many devices at once, each one's is recorded once.
REMEMBERED = 20


class MeCan(TypedDict):
    """What the caller may do now, beside what their roles allow."""

    create_organization: bool
    """Whether they may create one more organization."""


class KeptShape(TypedDict):
    """A person, as Roster keeps them."""

    user_id: str
    """Their user id: the `sub` of their token."""
    email: str | None
    """The verified e-mail address that Roster keeps of them."""
    name: str | None
    """Their name."""
    locale: str | None
    """The language of their mails, as a BCP 47 tag: the one they chose, or else the one in their last token."""
    email_notifications: bool
    """Whether they want mails about what others do. Mails that concern themselves are always sent."""
    active_organization_id: str | None
    """The organization that they work in: what they chose, or else what they joined first."""
    can: MeCan
    """What they may do now."""


class MeShape(KeptShape):
    """The caller."""

    email_verified: bool
    """Whether this token says that its e-mail address is verified."""
    token_email: str | None
    """The e-mail address in this token, verified or not."""


@handler.route("PUT", "/me", if_match=False)
def sign_in(request: Request) -> Answer[MeShape]:
    """Record that the caller has signed in. Call it after each sign-in.

    It keeps the name and the verified address in the token, records the sign-in once, and creates a new user's first
    organization if the pack wants one.
    """
    return _with_token(request.caller, lambda: _sign_in(request))


def _sign_in(request: Request) -> Answer[KeptShape]:
    caller, me = request.caller, User.key(request.caller.user_id)
    user = request.read(me)[me]
    active = active_membership(caller.user_id, user)
    pattern = deployed_pack().default_organization
    if pattern is not None and (user is None or user.default_organization is None):
        organization_id = _create_default(request, user, pattern)
        batch = read([me, *membership_keys(organization_id, caller.user_id)])
        user, active = batch[me], active or membership(batch, organization_id, caller.user_id)

    told: dict[str, Any] = dict(told_by_token(caller, user))
    more = read([*holder_keys(user, told), *_owned_keys(user)])
    remembered = _remembered(user)
    signed_in = _sign_in_of(caller)
    if active is not None and not _is_recorded(signed_in, remembered):
        organization, member = active
        change = caller_change(request, organization, "user.signed_in", ("user", caller.user_id))
        change.check(member)
        latest = sorted([*remembered, signed_in])[-REMEMBERED:]
        signs_in = {"sign_ins": latest, "signed_in_at": change.at}
        user = write_person(change, caller.user_id, user, {**told, **signs_in}, more)
        return request.commit(change, _me(user, organization.id, more))
    answered = active and active.organization.id
    if user is not None and not told:
        return request.nothing_to_do(_me(user, answered, more))
    transaction = Transaction()
    user = write_person(transaction, caller.user_id, user, told, more)
    return request.keep(transaction, _me(user, answered, more))


class Preferences(Body):
    """The language that a person wants, and whether they get mail about what others did."""

    NULL_TAKES_BACK = frozenset({"locale"})

    locale: Locale | None = None
    """The language of their mails, as a BCP 47 tag. Null means the language in their tokens."""
    email_notifications: StrictBool | None = None
    """Whether they want mails about what others do."""


@handler.route("PATCH", "/me", if_match=False)
def prefer(request: Request, body: Preferences) -> Answer[MeShape]:
    """Set the caller's own language and their wish for mail."""
    return _with_token(request.caller, lambda: _prefer(request, body))


def _prefer(request: Request, body: Preferences) -> Answer[KeptShape]:
    caller, me = request.caller, User.key(request.caller.user_id)
    user = request.read(me)[me]
    active = active_membership(caller.user_id, user)
    answered = active and active.organization.id
    told = told_by_token(caller, user) if user is None else {}  # of who is kept, PUT /me keeps what is new
    more = read([*holder_keys(user, told), *_owned_keys(user)])
    kept = _preferences(user or User(*me))
    changed = {name: value for name, value in body.model_dump(exclude_unset=True).items() if kept[name] != value}
    if user is not None and not changed:
        return request.nothing_to_do(_me(user, answered, more))
    transaction = Transaction()
    user = keep_person(transaction, caller.user_id, user, {**told, **changed}, more)
    return request.keep(transaction, _me(user, answered, more))


class ActiveOrganization(Body):
    """Where somebody chooses to work."""

    organization_id: StrictStr
    """One of the caller's organizations."""


@handler.route("PUT", "/me/active-organization", if_match=False, raises=(NotFound,))
def switch(request: Request, body: ActiveOrganization) -> Answer[MeShape]:
    """Choose the caller's active organization."""
    return _with_token(request.caller, lambda: _switch(request, body))


def _switch(request: Request, body: ActiveOrganization) -> Answer[KeptShape]:
    user_id, chosen = request.caller.user_id, body.organization_id
    there = membership_keys(chosen, user_id) if OPAQUE_ID.fullmatch(chosen) else ()
    batch = request.read(User.key(user_id), *there)
    user, theirs = batch[User.key(user_id)], membership(batch, chosen, user_id)
    if theirs is None:
        raise NotFound
    owned = read(_owned_keys(user))
    if user is not None and user.active_organization == chosen:
        return request.nothing_to_do(_me(user, chosen, owned))

    transaction = Transaction()
    transaction.check(theirs.member)
    user = keep_person(transaction, user_id, user, {"active_organization": chosen})
    return request.keep(transaction, _me(user, chosen, owned))


def _create_default(request: Request, user: User | None, pattern: str) -> str:
    """Create the caller's own organization, once in their life: two first calls at once change the same item."""
    caller = request.caller
    owner = FirstOwner(caller.user_id, user, told_by_token(caller, user), caller.verified_email)
    name = default_name(pattern, caller.name or (user and user.name) or NOBODY_NAMED)
    change, organization = creating(request, owner, name, default=True)
    request.commit_step(change)
    return organization.id


def _sign_in_of(caller: Caller) -> int:
    """Return what tells a sign-in from others: when it was, or the day (UTC) of a token that does not say."""
    if caller.signed_in is not None:
        return caller.signed_in
    return int(now().replace(hour=0, minute=0, second=0, microsecond=0).timestamp())


def _is_recorded(signed_in: int, remembered: list[int]) -> bool:
    """Tell whether the log has this sign-in. One that is older than all of so many has been there."""
    return signed_in in remembered or (len(remembered) == REMEMBERED and signed_in < remembered[0])


def _remembered(user: User | None) -> list[int]:
    return [] if user is None else list(user.sign_ins or ())


def _owned_keys(user: User | None) -> list[Key[Organization]]:
    pack = deployed_pack()
    return owned_keys(pack, user, pack.first_plan.name)


def _me(user: User, organization_id: str | None, owned: Batch) -> Answer[KeptShape]:
    """Show the person as they are kept; `owned` has their `_owned_keys`."""
    pack = deployed_pack()
    creates = may_own_one_more(pack, user, owned) and creations_so_far(user, now()) < pack.organizations_per_day
    return ok(
        {
            "user_id": user.id,
            "email": user.email,
            "name": user.name,
            "locale": user.locale or user.token_locale,
            "email_notifications": _wants_mail(user),
            "active_organization_id": organization_id,
            "can": {"create_organization": creates},
        }
    )


def _preferences(user: User) -> dict[str, object]:
    """Return what somebody said that they want."""
    return {"locale": user.locale, "email_notifications": _wants_mail(user)}


def _wants_mail(user: User) -> bool:
    """Tell whether somebody wants mail of others' doings; who never said it wants it."""
    return user.email_notifications is not False


def _with_token(caller: Caller, act: Callable[[], Answer[KeptShape]]) -> Answer[MeShape]:
    """Add to an answer, a repeated one too, what this token says of its address.

    It is added last, as an unverified address is kept nowhere, and so under no Idempotency-Key either.
    """
    try:
        answer = act()
    except Replay as replay:
        answer = replay.answer
    return ok({**answer.body, "email_verified": caller.email_verified, "token_email": caller.email})
