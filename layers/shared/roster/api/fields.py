"""The fields of bodies and claims, and what each may hold: one function for each treats both alike."""

import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Any, ClassVar

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    StrictStr,
    WithJsonSchema,
    model_validator,
)
from pydantic.json_schema import JsonSchemaValue
from pydantic_core.core_schema import CoreSchema, no_info_before_validator_function

from roster.api.addresses import ADDRESS_LENGTH, address
from roster.api.locales import LOCALE_LENGTH, locale
from roster.api.words import MESSAGE_LENGTH, NAME_LENGTH, message, name, require_no_controls

EXTERNAL_ID_LENGTH = 128
LARGEST_DATA = 4096  # bytes of JSON
# `me` stands for the caller in a path, and a client's library may take `.` and `..` away before they get here.
USER_ID = re.compile(r"(?!(?:me|\.\.?)\Z)[A-Za-z0-9\-._~|@:+=]{1,128}")
USER_IDS = "is not me, . or .., and has 1 to 128 of A-Z a-z 0-9 - . _ ~ | @ : + ="
# As JSON Schema takes it.
USER_ID_PATTERN = f"^{USER_ID.pattern}$".replace(r"\Z", "$")
_RFC3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)", re.ASCII | re.IGNORECASE)


def user_id(text: str) -> str:
    """Return the id of a person or a machine, as it is. Raises ValueError with a sentence if nobody can have it."""
    if not USER_ID.fullmatch(text):
        sentence = f"A user id {USER_IDS}."
        raise ValueError(sentence)
    return text


def external_id(text: str) -> str:
    """Return the product's own id for an organization, unchanged. Raises ValueError with a sentence if it is none."""
    if not 1 <= len(text) <= EXTERNAL_ID_LENGTH:
        sentence = f"This must have 1 to {EXTERNAL_ID_LENGTH} characters."
        raise ValueError(sentence)
    require_no_controls(text)
    return text


def small(data: object) -> object:
    """Return JSON of at most 4 KB. The size is checked before the content. Raises ValueError if it is larger."""
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


@dataclass(frozen=True)
class AtMost:
    """A validator that refuses a list that is too long, before it looks at the entries."""

    longest: int

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:  # noqa: ANN401
        return no_info_before_validator_function(self._judge, handler(source))

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        return handler(schema) | {"maxItems": self.longest}

    def _judge(self, value: object) -> object:
        if isinstance(value, list) and len(value) > self.longest:
            sentence = f"Send at most {self.longest}."
            raise ValueError(sentence)
        return value


@dataclass(frozen=True)
class JudgedLater:
    """A mark on what may be anything here, and is judged as a model by itself: so it is described as that model."""

    model: type[BaseModel]

    def __get_pydantic_json_schema__(self, _: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        return handler(self.model.__pydantic_core_schema__)


def text(longest: int, shortest: int = 1, **more: str) -> WithJsonSchema:
    """Describe a text that a function judges."""
    return WithJsonSchema({"type": "string", "minLength": shortest, "maxLength": longest, **more})


def once(names: object) -> object:
    """Let names that are repeated collapse; a list of anything else stays as it is, to be refused."""
    if isinstance(names, list) and all(isinstance(name, str) for name in names):
        return list(dict.fromkeys(names))
    return names


def _whole(number: object) -> object:
    if isinstance(number, str) and not (number.isascii() and number.isdigit()):
        raise ValueError("Send a whole number.")
    return number


UserId = Annotated[StrictStr, AfterValidator(user_id), WithJsonSchema({"type": "string", "pattern": USER_ID_PATTERN})]
Address = Annotated[StrictStr, AfterValidator(address), text(ADDRESS_LENGTH, format="email")]
Name = Annotated[StrictStr, AfterValidator(name), text(NAME_LENGTH)]
Message = Annotated[StrictStr, AfterValidator(message), text(MESSAGE_LENGTH, 0)]
Locale = Annotated[StrictStr, AfterValidator(locale), text(LOCALE_LENGTH)]
Token = StrictStr
ExternalName = Annotated[StrictStr, AfterValidator(external_id), text(EXTERNAL_ID_LENGTH)]
Metadata = Annotated[dict[StrictStr, StrictStr], BeforeValidator(small)]
Data = Annotated[dict[str, Any], BeforeValidator(small)]
Timestamp = Annotated[datetime, BeforeValidator(timestamp)]
Roles = Annotated[
    list[Annotated[StrictStr, Field(min_length=1, max_length=64)]],
    Field(min_length=1),
    AtMost(16),
    BeforeValidator(once),  # which comes first: the last one does
]


class Body(BaseModel):
    """A request's JSON object: unknown fields are refused, and null is as absent, but for what it takes back."""

    NULL_TAKES_BACK: ClassVar[frozenset[str]] = frozenset()

    model_config = ConfigDict(extra="forbid", frozen=True)

    @model_validator(mode="before")
    @classmethod
    def _null_is_absent(cls, value: Any) -> Any:  # noqa: ANN401 (whatever came in)
        if not isinstance(value, dict):
            raise ValueError("Send one JSON object.")  # noqa: TRY004 (pydantic names only these)
        return {key: item for key, item in value.items() if item is not None or key in cls.NULL_TAKES_BACK}


class Query(BaseModel):
    """A request's query parameters: unknown ones are refused, because a filter without effect misleads."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class CursorQuery(Query):
    """Where a list continues."""

    cursor: str | None = None
    """Where to go on: the `next_cursor` of the page before, with the same filters."""


class PageQuery(CursorQuery):
    """What every list takes."""

    limit: Annotated[int, Field(ge=1, le=100), BeforeValidator(_whole)] = 50
    """The most that one page may hold."""
