"""The fields of bodies and claims, and what each may hold: one function for each treats both alike."""

import json
import re
import unicodedata
from datetime import UTC, datetime
from typing import Annotated, Any

from email_validator import EmailNotValidError, validate_email
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, StrictStr, model_validator

NAME_LENGTH = 100
MESSAGE_LENGTH = 500
EXTERNAL_ID_LENGTH = 128
LARGEST_DATA = 4096  # bytes of JSON
NO_CONTROLS = "This must hold no control characters."
ADDRESS_LENGTH = 254
# `me` stands for the caller in a path, and a client's library may take `.` and `..` away before they get here.
USER_ID = re.compile(r"(?!(?:me|\.\.?)\Z)[A-Za-z0-9\-._~|@:+=]{1,128}")
USER_IDS = "1 to 128 of A-Z a-z 0-9 - . _ ~ | @ : + =, and is neither me, . nor .."
_LINE_BREAKS = "\r\n"
_RFC3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)", re.ASCII | re.IGNORECASE)
_ASCII_LOWER = {upper: upper + 32 for upper in range(ord("A"), ord("Z") + 1)}


def user_id(text: str) -> str:
    """Return the id of a person or a machine, as it is. Raises ValueError with a sentence if it can be nobody's."""
    if not USER_ID.fullmatch(text):
        sentence = f"A user id has {USER_IDS}."
        raise ValueError(sentence)
    return text


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


def message(text: str) -> str | None:
    """Return a message, trimmed, or None if it says nothing; it may hold line breaks. Raises ValueError, a sentence."""
    return _words(text.strip(), MESSAGE_LENGTH, allowed=_LINE_BREAKS) if text.strip() else None


def external_id(text: str) -> str:
    """Return what the product calls an organization, as it is. Raises ValueError with a sentence if it is no such."""
    if not 1 <= len(text) <= EXTERNAL_ID_LENGTH:
        sentence = f"This must have 1 to {EXTERNAL_ID_LENGTH} characters."
        raise ValueError(sentence)
    if any(map(_controls, text)):
        raise ValueError(NO_CONTROLS)
    return text


def small[T: dict[str, Any]](data: T) -> T:
    """Return an object of at most 4 KB. Raises ValueError with a sentence if it is larger."""
    written = json.dumps(data, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    if len(written.encode()) > LARGEST_DATA:
        raise ValueError("This must be at most 4 KB of JSON.")
    return data


def timestamp(text: object) -> datetime:
    """Return the moment that an RFC 3339 timestamp names, in UTC. Raises ValueError with a sentence if it is none."""
    sentence = "Send an RFC 3339 timestamp, such as 2026-01-31T12:00:00Z."
    if not isinstance(text, str) or not _RFC3339.fullmatch(text):
        raise ValueError(sentence)
    try:
        return datetime.fromisoformat(text.upper()).astimezone(UTC)
    except (ValueError, OverflowError):
        raise ValueError(sentence) from None


def _words(text: str, longest: int, allowed: str = "") -> str:
    if not 1 <= len(text) <= longest:
        sentence = f"This must have 1 to {longest} characters."
        raise ValueError(sentence)
    if "://" in text or "www." in text.lower():
        sentence = "This must hold no link."
        raise ValueError(sentence)
    if any(_controls(letter) and letter not in allowed for letter in text):
        raise ValueError(NO_CONTROLS)
    return text


def _controls(letter: str) -> bool:
    return unicodedata.category(letter) in {"Cc", "Cs", "Zl", "Zp"}


def _whole(number: object) -> object:
    if isinstance(number, str) and not (number.isascii() and number.isdigit()):
        raise ValueError("Send a whole number.")
    return number


def once(names: list[str]) -> list[str]:
    """Let what is repeated collapse."""
    return list(dict.fromkeys(names))


UserId = Annotated[StrictStr, AfterValidator(user_id)]
Address = Annotated[StrictStr, AfterValidator(address)]
Name = Annotated[StrictStr, AfterValidator(name)]
Message = Annotated[StrictStr, AfterValidator(message)]
Token = StrictStr
ExternalName = Annotated[StrictStr, AfterValidator(external_id)]
Metadata = Annotated[dict[StrictStr, StrictStr], AfterValidator(small)]
Data = Annotated[dict[str, Any], AfterValidator(small)]
Timestamp = Annotated[datetime, BeforeValidator(timestamp)]
Roles = Annotated[
    list[Annotated[StrictStr, Field(min_length=1, max_length=64)]],
    AfterValidator(once),
    Field(min_length=1, max_length=16),
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
    """A request's query parameters: unknown ones are refused, as a filter that does nothing lies."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class CursorQuery(Query):
    """What takes up a list where it was left."""

    cursor: str | None = None


class PageQuery(CursorQuery):
    """What every list takes."""

    limit: Annotated[int, BeforeValidator(_whole), Field(ge=1, le=100)] = 50
