"""The fields of bodies and claims, and what each may hold: one function for each treats both alike."""

import unicodedata
from typing import Annotated, Any

from email_validator import EmailNotValidError, validate_email
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StrictStr, model_validator

NAME_LENGTH = 100
MESSAGE_LENGTH = 500
ADDRESS_LENGTH = 254
_LINE_BREAKS = "\r\n"
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


def name(text: str) -> str:
    """Return a name, trimmed. Raises ValueError with a sentence if it is none."""
    return _words(text.strip(), NAME_LENGTH)


def message(text: str) -> str:
    """Return a message, trimmed; it may hold line breaks. Raises ValueError with a sentence."""
    return _words(text.strip(), MESSAGE_LENGTH, allowed=_LINE_BREAKS)


def _words(text: str, longest: int, allowed: str = "") -> str:
    if not 1 <= len(text) <= longest:
        sentence = f"This must have 1 to {longest} characters."
        raise ValueError(sentence)
    if "://" in text or "www." in text.lower():
        sentence = "This must hold no link."
        raise ValueError(sentence)
    if any(unicodedata.category(letter) in {"Cc", "Cs", "Zl", "Zp"} and letter not in allowed for letter in text):
        sentence = "This must hold no control characters."
        raise ValueError(sentence)
    return text


def _once(roles: list[str]) -> list[str]:
    return list(dict.fromkeys(roles))


Address = Annotated[StrictStr, AfterValidator(address)]
Name = Annotated[StrictStr, AfterValidator(name)]
Message = Annotated[StrictStr, AfterValidator(message)]
Token = StrictStr
Roles = Annotated[
    list[Annotated[StrictStr, Field(min_length=1, max_length=64)]],
    Field(min_length=1, max_length=16),
    AfterValidator(_once),
]


class Body(BaseModel):
    """A request's JSON object: unknown fields are refused, and null is as absent."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    @model_validator(mode="before")
    @classmethod
    def _null_is_absent(cls, value: Any) -> Any:  # noqa: ANN401 (whatever came in)
        if not isinstance(value, dict):
            raise ValueError("Send one JSON object.")  # noqa: TRY004 (pydantic names only these)
        return {key: item for key, item in value.items() if item is not None}


class Query(BaseModel):
    """A request's query parameters: unknown ones are ignored."""

    model_config = ConfigDict(extra="ignore", frozen=True)


class PageQuery(Query):
    """What every list takes."""

    limit: Annotated[int, Field(ge=1, le=100)] = 50
    cursor: str | None = None
