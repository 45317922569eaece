"""Addresses in bodies and claims: one function treats both alike.

email-validator says what an address is. It is imported only for those that are not plainly one: nearly all are, and it
takes a tenth of a cold start.
"""

import re
from functools import lru_cache

ADDRESS_LENGTH = 254
_COMPOSED = 4  # letters and marks, at most, become one character in normal form
# An address that email-validator takes, and keeps as it is but for case: ASCII, no quotes, no dots or hyphens side by
# side, and a last part that is none of the reserved ones. What does not fit is not refused, but left to it.
_PLAIN = re.compile(
    r"[A-Za-z0-9]{1,16}(?:[._+-][A-Za-z0-9]{1,15}){0,3}"
    r"@(?:[A-Za-z0-9]{1,24}(?:-[A-Za-z0-9]{1,24})?\.){1,3}"
    r"(?!(?:arpa|invalid|local|localhost|onion|test)\Z)[A-Za-z]{2,24}",
    re.ASCII | re.IGNORECASE,
)


@lru_cache(maxsize=256)  # a request asks for its caller's again and again
def address(text: str) -> str:
    """Return an address in the one form that Roster keeps, shows and compares: normal form, in lower case, trimmed.

    Raises ValueError with a sentence if it is not an address that can be mailed.
    """
    text = text.strip()
    if _PLAIN.fullmatch(text):
        return text.lower()
    from email_validator import EmailNotValidError, validate_email  # noqa: PLC0415 (only where it is needed: see above)

    if len(text) > ADDRESS_LENGTH * _COMPOSED:
        raise ValueError(f"An address has at most {ADDRESS_LENGTH} characters.")
    try:
        found = validate_email(text, check_deliverability=False, allow_smtputf8=False)  # which SES does not speak
    except EmailNotValidError as error:
        raise ValueError(str(error)) from None
    # Mail programs may take it for the start of an encoded word, so that the header would name somebody else.
    if "=?" in found.local_part:
        raise ValueError("Roster cannot mail an address with =? before the @.")
    return f"{found.local_part.lower()}@{found.domain}"


def ascii_form(kept: str) -> str | None:
    """Return an address that Roster keeps as mail programs without any other letters know it; None if there is none."""
    if _PLAIN.fullmatch(kept):
        return kept
    from email_validator import validate_email  # noqa: PLC0415

    return validate_email(kept, check_deliverability=False).ascii_email
