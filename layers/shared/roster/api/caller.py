"""The caller: who a token says is asking, a person or a machine."""

import math
import os
from collections.abc import Mapping
from dataclasses import dataclass

from roster.api import addresses, locales, words
from roster.api.fields import USER_ID, USER_IDS
from roster.api.problems import Forbidden


@dataclass(frozen=True)
class Caller:
    """Who asks. `email` is in the form that Roster compares; it proves nothing unless it is verified."""

    user_id: str
    email: str | None
    email_verified: bool
    name: str | None
    locale: str | None
    is_machine: bool
    scopes: frozenset[str]
    signed_in: int | None  # when they signed in, in seconds since 1970, if the token says so

    @property
    def verified_email(self) -> str | None:
        """The address, if the token says that it was verified."""
        return self.email if self.email_verified else None

    @property
    def unverified_email(self) -> str | None:
        """The address, if the token does not say that it was verified."""
        return None if self.email_verified else self.email


def caller_from(claims: Mapping[str, object]) -> Caller:
    """Read the caller from a token's claims, which API Gateway hands over as strings.

    The claims' names are the deployment's: EMAIL_CLAIM, EMAIL_VERIFIED_CLAIM, NAME_CLAIM, LOCALE_CLAIM,
    SCOPE_CLAIM, MACHINE_RULE.
    Raises Forbidden for a `sub` that Roster cannot keep.
    """
    sub = str(claims.get("sub", ""))
    if not USER_ID.fullmatch(sub):
        raise Forbidden(f"Sign in with another account. A user id {USER_IDS}.", {"reason": "unsupported_subject"})
    verified = claims.get(os.environ.get("EMAIL_VERIFIED_CLAIM", "email_verified"))
    return Caller(
        user_id=sub,
        email=_email(claims.get(os.environ.get("EMAIL_CLAIM", "email"))),
        email_verified=verified is True or verified == "true",  # 1 would equal True
        name=_name(claims.get(os.environ.get("NAME_CLAIM", "name"))),
        locale=_locale(claims.get(os.environ.get("LOCALE_CLAIM", "locale"))),
        is_machine=_is_machine(claims),
        scopes=_scopes(claims.get(os.environ.get("SCOPE_CLAIM", "scope"), "")),
        signed_in=_seconds(claims.get("auth_time")),
    )


def _is_machine(claims: Mapping[str, object]) -> bool:
    rule = os.environ.get("MACHINE_RULE", "client_id={sub},gty=client-credentials")
    wanted = (alternative.strip().partition("=") for alternative in rule.split(",") if alternative.strip())
    return any(claims.get(claim) == value.replace("{sub}", str(claims["sub"])) for claim, _, value in wanted)


def _email(claim: object) -> str | None:
    try:
        return addresses.address(claim) if isinstance(claim, str) else None
    except ValueError:
        return None


def _name(claim: object) -> str | None:
    try:
        return words.name(claim.strip()[: words.NAME_LENGTH]) if isinstance(claim, str) else None
    except ValueError:
        return None


def _locale(claim: object) -> str | None:
    """Read a language, which some providers write as their operating system does: de_AT."""
    try:
        return locales.locale(claim.replace("_", "-")) if isinstance(claim, str) else None
    except ValueError:
        return None


def _scopes(claim: object) -> frozenset[str]:
    return frozenset(str(claim).strip("[]").split())  # API Gateway writes a list as [a b]


def _seconds(claim: object) -> int | None:
    try:
        seconds = float(str(claim))
    except ValueError:
        return None
    return int(seconds) if math.isfinite(seconds) else None


# Who calls a route that asks for no sign-in.
ANYBODY = Caller(
    "", None, email_verified=False, name=None, locale=None, is_machine=False, scopes=frozenset(), signed_in=None
)
