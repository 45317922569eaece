"""The languages of mails, each one catalogue of gettext's, and how each writes lists, moments and what others wrote."""

import os
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache, lru_cache
from gettext import GNUTranslations, NullTranslations
from pathlib import Path

from roster.mail.plain import plain
from roster.policy.pack import PACKS, Role

CATALOGUES = Path(__file__).with_name("catalogues")
SOURCE = "en"  # what the templates are written in
FIRST_STRONG_ISOLATE, POP_ISOLATE = "\u2068", "\u2069"
RIGHT_TO_LEFT = frozenset({"R", "AL", "AN"})  # unicodedata's classes of letters and digits that run so


def gettext_noop(message: str) -> str:
    """Mark a sentence for the catalogues, where it is not yet translated."""
    return message


WEEKDAYS = (
    gettext_noop("Monday"),
    gettext_noop("Tuesday"),
    gettext_noop("Wednesday"),
    gettext_noop("Thursday"),
    gettext_noop("Friday"),
    gettext_noop("Saturday"),
    gettext_noop("Sunday"),
)
MONTHS = (
    gettext_noop("January"),
    gettext_noop("February"),
    gettext_noop("March"),
    gettext_noop("April"),
    gettext_noop("May"),
    gettext_noop("June"),
    gettext_noop("July"),
    gettext_noop("August"),
    gettext_noop("September"),
    gettext_noop("October"),
    gettext_noop("November"),
    gettext_noop("December"),
)


@dataclass(frozen=True, eq=False)
class Language:
    """A language that mails are written in, by its BCP 47 tag."""

    tag: str
    words: NullTranslations
    pack: NullTranslations  # of the titles and descriptions of the pack's roles

    @property
    def direction(self) -> str:
        """Return `ltr` or `rtl`, for HTML's `dir`."""
        # TRANSLATORS: the direction of the language's script, as HTML calls it: ltr or rtl.
        return self.words.pgettext("direction", "ltr")

    def isolated(self, text: str) -> str:
        """Return words of another hand so that their direction and the sentence's leave one another alone (UAX 9).

        In a mail from left to right, only what has letters from right to left needs that.
        """
        turns = self.direction == "rtl" or any(unicodedata.bidirectional(letter) in RIGHT_TO_LEFT for letter in text)
        return f"{FIRST_STRONG_ISOLATE}{text}{POP_ISOLATE}" if text and turns else text

    def moment(self, at: datetime) -> str:
        """Write a moment (UTC) for people."""
        # TRANSLATORS: a date and its time, as your language writes them: Thursday, 3 December 2026, 14:05 UTC.
        written = self.words.pgettext("moment", "%(weekday)s, %(day)s %(month)s %(year)s, %(time)s UTC")
        return written % {
            "weekday": self.words.gettext(WEEKDAYS[at.weekday()]),
            "day": at.day,
            "month": self.words.gettext(MONTHS[at.month - 1]),
            "year": at.year,
            "time": f"{at:%H:%M}",
        }

    def listed(self, items: Sequence[str]) -> str:
        """Write several as one phrase, as the language does: a, b and c."""
        if len(items) < 2:  # noqa: PLR2004 (one has nothing to be joined with)
            return "".join(items)
        if len(items) == 2:  # noqa: PLR2004 (two have a form of their own in some languages)
            # TRANSLATORS: a list of two.
            return self.words.pgettext("list", "%(first)s and %(second)s") % {"first": items[0], "second": items[1]}
        *most, last = items
        before = most[0]
        for following in most[1:]:
            # TRANSLATORS: a list of three or more, but for its last part.
            before = self.words.pgettext("list", "%(before)s, %(next)s") % {"before": before, "next": following}
        # TRANSLATORS: the end of a list of three or more.
        return self.words.pgettext("list", "%(before)s and %(last)s") % {"before": before, "last": last}

    def role(self, role: Role) -> tuple[str, str]:
        """Return a role's title and description. What an organization wrote (a custom role) stays as it was written."""
        title, description = role.title, role.description
        if not role.custom:
            title, description = self.pack.gettext(title), self.pack.gettext(description)
        return plain(title), plain(description)


def nearest(*tags: str | None) -> Language:
    """Return the language of the first of these BCP 47 tags for which there is one, or else English.

    There is one for a tag if there is a catalogue of it, or of its beginning (RFC 4647, 3.4: `de-AT` finds `de`), or
    else of the same language elsewhere (`pt` finds `pt-BR`).
    """
    return language(next((found for tag in tags if tag and (found := _find(tag))), SOURCE), os.environ["PACK"])


@cache
def language(tag: str, pack: str) -> Language:
    """Return a language that there is a catalogue of, with what it calls a pack's roles, if it says."""
    roles = PACKS / f"{pack}.{tag}.mo"
    return Language(tag, _read(CATALOGUES / f"{tag}.mo"), _read(roles) if roles.exists() else NullTranslations())


@cache
def languages() -> tuple[str, ...]:
    """Return the tag of each language that there is a catalogue of."""
    return tuple(sorted(path.stem for path in CATALOGUES.glob("*.mo")))


@lru_cache(256)  # people write tags
def _find(tag: str) -> str | None:
    return closest(tag, languages())


def closest(tag: str, tags: Iterable[str]) -> str | None:
    """Return which of these tags is the nearest to one in any form, if any is."""
    known = {one.lower(): one for one in tags}
    parts = tag.lower().replace("_", "-").split("-")
    for length in range(len(parts), 0, -1):
        if found := known.get("-".join(parts[:length])):
            return found
    return next((one for key, one in known.items() if key.partition("-")[0] == parts[0]), None)


def _read(path: Path) -> NullTranslations:
    with path.open("rb") as compiled:
        return GNUTranslations(compiled)
