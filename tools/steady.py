"""Stand-ins for what chance and the clock put into a recording, so that recording again changes nothing."""

import hashlib
import re
from typing import Any

_ID = r"A-Za-z0-9_-"
_BEGINNING = f"(?<![{_ID}])"  # which @ stands for below
_DIGITS = "0123456789"
_HEX = "0123456789abcdef"
_CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_URL_SAFE = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
# By the form of what is random: the letters of its stand-in. The first that fits decides.
_RANDOM = {
    r"(?:(?<=copied-)|@)[0-9A-HJKMNP-TV-Z]{26}": _CROCKFORD,  # a ULID
    r"@[0-9a-f]{32}": _HEX,  # an organization, a custom role
    r"@1-[0-9a-f]{8}-[0-9a-f]{24}": _HEX,  # a trace
    r"@[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}": _HEX,
    rf"(?:'|@)[{_ID}]{{32}}": _URL_SAFE,  # an invitation
    rf"@[{_ID}]{{43}}": _URL_SAFE,  # a token's signature
    rf"(?:'|@)[{_ID}]{{15}}(?==)": _URL_SAFE,  # a request
    r"@[0-9]{20,30}": _DIGITS,  # a place in a stream
}
_PATTERN = re.compile(
    "|".join(f"(?P<k{number}>{form.replace('@', _BEGINNING)}(?![{_ID}]))" for number, form in enumerate(_RANDOM))
)
# Clocks run on while something is recorded, by less than a minute. Moto's own clock is another one.
_CLOCKS = (
    (re.compile(r"(?<=T\d\d:\d\d:)\d\d\.\d{6}(?=\+0000)"), "00.000000"),
    (re.compile(r"(?<=T\d\d:\d\d:)\d\d(?=Z)"), "00"),
    (re.compile(r"\d\d/[A-Z][a-z]{2}/\d{4}:\d\d:\d\d:\d\d"), "31/Jan/2026:12:00:00"),
    (re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}$"), "2026-01-31T12:00:00.000000"),
)
_NOON = 1769860800
_NUMBERS = {"ApproximateCreationDateTime": float(_NOON), "timeEpoch": _NOON * 1000, "SizeBytes": 864}


class Steady:
    """What stands for what in one recording: the same id has the same stand-in all over it."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._known: dict[str, str] = {}

    def __call__(self, recorded: Any) -> Any:  # noqa: ANN401 - JSON in, JSON out
        """Return JSON with stand-ins."""
        match recorded:
            case dict():
                return {key: _NUMBERS.get(key) or self(value) for key, value in recorded.items()}
            case list():
                return [self(value) for value in recorded]
            case str():
                text = _PATTERN.sub(self._stand_in, recorded)
                for pattern, instead in _CLOCKS:
                    text = pattern.sub(instead, text)
                return text
        return recorded

    def _stand_in(self, found: re.Match[str]) -> str:
        text = found[0].removeprefix("'")  # by which the export guards what begins with a hyphen
        if text not in self._known:
            letters = [*_RANDOM.values()][int(str(found.lastgroup)[1:])]
            digest = hashlib.sha512(f"{self._name} {len(self._known)}".encode()).digest()
            kept = 2 if letters is _CROCKFORD else 0  # by which a ULID is one of this century
            self._known[text] = text[:kept] + "".join(
                "-" if one == "-" and letters is not _URL_SAFE else letters[number % len(letters)]
                for one, number in zip(text[kept:], digest, strict=False)
            )
        return self._known[text]
