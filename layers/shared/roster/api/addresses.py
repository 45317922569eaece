"""Addresses in bodies and claims: one function treats both alike."""

import unicodedata

from email_validator import EmailNotValidError, validate_email

ADDRESS_LENGTH = 254
_ASCII_LOWER = {upper: upper + 32 for upper in range(ord("A"), ord("Z") + 1)}


def address(text: str) -> str:
    """Return an address in the one form that Roster keeps, shows and compares: normal form, ASCII in lower case.

    Raises ValueError with a sentence if it is no address that can be mailed.
    """
    try:
        found = validate_email(text, check_deliverability=False)
    except EmailNotValidError as error:
        raise ValueError(str(error)) from None
    # A letter in lower case may compose with the mark behind it, where the capital has no such form: "H̱", "ẖ".
    normal = unicodedata.normalize("NFC", found.normalized.translate(_ASCII_LOWER))
    if len(normal) > ADDRESS_LENGTH:
        message = f"The address is longer than {ADDRESS_LENGTH} characters."
        raise ValueError(message)
    return normal
