"""Addresses in bodies and claims: one function treats both alike."""

from functools import lru_cache

from email_validator import EmailNotValidError, validate_email

ADDRESS_LENGTH = 254
_COMPOSED = 4  # letters and marks, at most, become one character in normal form


@lru_cache(maxsize=256)  # a request asks for its caller's again and again
def address(text: str) -> str:
    """Return an address in the one form that Roster keeps, shows and compares: normal form, in lower case, trimmed.

    Raises ValueError with a sentence if it is not an address that can be mailed.
    """
    text = text.strip()
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
