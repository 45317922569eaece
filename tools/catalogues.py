"""Keep the catalogues of the mails' words (gettext's .po): add a language, bring all to what is said now, compile them.

Without an option, every catalogue is checked. One that a mail could not be made of is refused: one that lacks a
sentence or a plural form, that has a place too few or too many, or that holds markup or what looks like an address.
"""

import argparse
import re
import sys
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from gettext import c2py  # what gettext itself reads Plural-Forms by
from io import BytesIO
from itertools import chain
from pathlib import Path
from typing import Any
from unicodedata import category

from babel import Locale, UnknownLocaleError
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.plurals import get_plural
from babel.messages.pofile import PoFileError, read_po, write_po

from roster.mail.plain import JOINT

ROOT = Path(__file__).resolve().parent.parent
MAIL = ROOT / "layers" / "shared" / "roster" / "mail"
CATALOGUES = MAIL / "catalogues"
PACKS = ROOT / "layers" / "shared" / "roster" / "policy" / "packs"
SOURCE = "en"  # what its catalogue leaves empty is said as the templates say it
WIDTH = 120
KEYWORDS: dict[str, Any] = {
    "_": None,
    "gettext": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
}
OPTIONS = {"trimmed": "true", "newstyle_gettext": "true", "trim_blocks": "true", "lstrip_blocks": "true"}
COMMENT = "TRANSLATORS:"
# What Babel's header says of dates and people, and that git knows better.
UNSTEADY = re.compile(
    rb'^"(Project-Id-Version|Report-Msgid-Bugs-To|POT-Creation-Date|PO-Revision-Date|Last-Translator|Language-Team|'
    rb"Generated-By):.*\n",
    re.MULTILINE,
)
LANGUAGE = re.compile(rb'"Language: ([\w-]+)\\n"')
CHARSET = re.compile(rb"charset=([\w-]+)")
EPOCH = datetime.fromtimestamp(0, UTC)
PLACE = re.compile(r"%\((\w+)\)s")
NUMBER = "count"  # the place that a plural form of one number alone may say in words
LARGEST_TRIED = 1000
MARKUP = re.compile(r"[<>&]")
# Characters of these categories of Unicode's steer: lines, directions. Only two of them are letters' joints.
STEERING = frozenset({"Cc", "Cf", "Zl", "Zp"})
JOINERS = "\u200c\u200d"
DIRECTIONS = ("direction", {"ltr", "rtl"})


class CatalogueError(Exception):
    """A catalogue that no mail can be made of, with a sentence for each reason."""


@dataclass(frozen=True)
class Source:
    """What has to be said in each language, and where each language says it."""

    name: str
    words: Catalog
    folder: Path
    prefix: str = ""  # of its catalogues' names
    sentences: bool = True  # with places; a pack's titles are words without any

    def path(self, tag: str) -> Path:
        return self.folder / f"{self.prefix}{tag}.po"

    def tags(self) -> list[str]:
        return tags_in(self.folder, self.prefix)


def tags_in(folder: Path, prefix: str = "") -> list[str]:
    """Return the languages that a folder has catalogues of."""
    return sorted(path.stem.removeprefix(prefix) for path in folder.glob(f"{prefix}*.po"))


def mails() -> Source:
    """Return what the templates say, and the names of days and months."""
    words = Catalog()
    for path in chain(sorted((MAIL / "templates").iterdir()), sorted(MAIL.glob("*.py"))):
        method = "python" if path.suffix == ".py" else "jinja2.ext:babel_extract"
        with path.open("rb") as file:
            found = list(extract(method, file, keywords=KEYWORDS, comment_tags=[COMMENT], options=OPTIONS))
        for _, message, comments, context in found:
            remarks = [comment.removeprefix(COMMENT).strip() for comment in comments]
            words.add(message, locations=[(path.name, 1)], auto_comments=remarks, context=context)
    return Source("mails", words, CATALOGUES)


def packs() -> list[Source]:
    """Return what each pack calls its roles, and how it describes them."""
    return [_pack(path) for path in sorted(PACKS.glob("*.toml"))]


def _pack(path: Path) -> Source:
    words = Catalog()
    for role in tomllib.loads(path.read_text(encoding="utf-8"))["roles"]:
        for key in ("title", "description"):
            words.add(role[key], locations=[(f"{role['id']}.{key}", 1)])
    return Source(path.stem, words, PACKS, prefix=f"{path.stem}.", sentences=False)


def add(source: Source, tag: str) -> None:
    """Begin the catalogue of a language, with everything still to translate."""
    if source.path(tag).exists():
        raise CatalogueError(f"{source.path(tag).name} is there already.")
    words = Catalog(locale=_locale(tag), header_comment=f"# {_locale(tag).english_name}: {source.name}.", fuzzy=False)
    words.update(source.words)
    _write(words, source.path(tag))


def update(source: Source, tag: str) -> None:
    """Bring a catalogue to what there is to say: what is new is empty, what is said no more is left out."""
    words = _read(source, tag)
    words.update(source.words, no_fuzzy_matching=True)
    for message in words:
        if message.fuzzy and not any(_forms(message)):
            message.flags.discard("fuzzy")  # there is nothing to look at
    _write(words, source.path(tag))


def compiled(source: Source, tag: str) -> None:
    """Write what gettext reads, beside its catalogue."""
    words, written = _read(source, tag), BytesIO()
    words.creation_date = words.revision_date = EPOCH  # or the same catalogue would be another release every time
    write_mo(written, words)
    source.path(tag).with_suffix(".mo").write_bytes(written.getvalue())


def faults(source: Source, tag: str) -> Iterator[str]:
    """Say why no mail can be made of a catalogue."""
    words, name = _read(source, tag), source.path(tag).name
    header = source.path(tag).read_bytes()
    for name_of, pattern, right in (("Language", LANGUAGE, tag), ("charset", CHARSET, "utf-8")):
        found = pattern.search(header)
        if found is None or found[1].decode().replace("_", "-").lower() != right.lower():
            yield f"{name}: write {right} as the {name_of} of its header"
    if words.plural_forms != (due := _plural_forms(tag)):
        yield f"{name}: write Plural-Forms: {due}"
    for message in source.words:
        if message.id:
            said = words.get(message.id, message.context)
            missing = said is None or not all(_forms(said)) or len(_forms(said)) < _number(message, words)
            if missing and (tag != SOURCE or not source.sentences):
                yield f"{name}: {_id(message)!r} is not translated"
    for message in words:
        if message.id:
            yield from (f"{name}: {_id(message)!r}: {fault}" for fault in _faults_of(message, source, words))


def _faults_of(message: Message, source: Source, words: Catalog) -> Iterator[str]:
    if source.words.get(message.id, message.context) is None:
        yield "nothing says this; `make catalogues` takes it out"
    if message.fuzzy:
        yield "look at it, and take the mark `fuzzy` away"
    known = {place for one in _both(message.id) for place in PLACE.findall(one)}
    single = _single_numbers(words)
    for form, said in enumerate(_forms(message)):
        if not said:
            continue
        if said != said.strip() or any(category(one) in STEERING and one not in JOINERS for one in said):
            yield "write it in one line, without marks of direction and without spaces around it"
        if source.sentences:
            in_words = {NUMBER} if message.pluralizable and form in single else set[str]()
            yield from _faults_of_places(said, known - in_words, known)
            read = PLACE.sub("x", said)
            if MARKUP.search(read):
                yield "it is no HTML: write it without < > &"
            if JOINT.search(read) or "www" in read:
                yield "mail programs could make a link of it: write a space behind each . and :"
            if message.context == DIRECTIONS[0] and said not in DIRECTIONS[1]:
                yield "write ltr or rtl"


def _faults_of_places(said: str, due: set[str], known: set[str]) -> Iterator[str]:
    places = set(PLACE.findall(said))
    yield from (f"%({place})s is missing" for place in sorted(due - places))
    yield from (f"there is no place %({place})s" for place in sorted(places - known))
    if "%" in PLACE.sub("", said):
        yield "% only stands in places, such as %(actor)s"


def _single_numbers(words: Catalog) -> set[int]:
    """Return the plural forms that stand for one number each, so that they may say it in words."""
    form_of = c2py(words.plural_expr)
    numbers = Counter(form_of(number) for number in range(LARGEST_TRIED))
    return {form for form, times in numbers.items() if times == 1}


def _both(ids: str | Iterable[str] | None) -> tuple[str, ...]:
    return (ids,) if isinstance(ids, str) else tuple(ids or ())


def _forms(message: Message) -> tuple[str, ...]:
    return _both(message.string)


def _number(message: Message, words: Catalog) -> int:
    return words.num_plurals if message.pluralizable else 1


def _id(message: Message) -> str:
    return _both(message.id)[0]


def _plural_forms(tag: str) -> str:
    plural = get_plural(_locale(tag))
    return f"nplurals={plural.num_plurals}; plural={plural.plural_expr};"


def _locale(tag: str) -> Locale:
    try:
        locale = Locale.parse(tag, sep="-")
    except (UnknownLocaleError, ValueError):
        locale = None
    if locale is None or str(locale).replace("_", "-") != tag:
        raise CatalogueError(f"{tag}: write a language tag that Unicode's CLDR knows, as it does, such as it or pt-BR.")
    return locale


def _read(source: Source, tag: str) -> Catalog:
    path = source.path(tag)
    try:
        with path.open("rb") as file:
            return read_po(file, locale=_locale(tag), abort_invalid=True)
    except (PoFileError, ValueError) as error:
        raise CatalogueError(f"{path.name} is no catalogue of gettext's: {error}") from error


def _write(words: Catalog, path: Path) -> None:
    written = BytesIO()
    write_po(written, words, width=WIDTH, omit_header=False, include_lineno=False, ignore_obsolete=True)
    path.write_bytes(UNSTEADY.sub(b"", written.getvalue()))


def due(source: Source) -> list[str]:
    """Return the languages that a source is to be said in: of a pack's words, all that mails are in, or none."""
    if source.sentences or not source.tags():
        return source.tags()
    return sorted({*source.tags(), *tags_in(CATALOGUES)} - {SOURCE})


def begin(sources: Iterable[Source], tag: str) -> None:
    """Begin a language where it is missing."""
    begun = [one for one in sources if not one.path(tag).exists() and (one.sentences or tag != SOURCE)]
    if not begun:
        raise CatalogueError(f"There is everything of {tag} already.")
    for source in begun:
        add(source, tag)
        print(f"Translate {source.path(tag).relative_to(Path.cwd(), walk_up=True)}.")


def look_at(source: Source, *, updating: bool, compiling: bool) -> int:
    """Check the catalogues of a source, update them before or compile them after if told; return what is wrong."""
    found = []
    for tag in due(source):
        if not source.path(tag).exists():
            found.append(f"{source.path(tag).name} is missing: `make catalogues ADD={tag}` begins it")
            continue
        if updating:
            update(source, tag)
        wrong = list(faults(source, tag))
        if compiling and not wrong:
            compiled(source, tag)
        found += wrong
    if compiling:
        for path in source.folder.glob(f"{source.prefix}*.mo"):
            if not path.with_suffix(".po").exists():
                path.unlink()  # of a language that has been given up
    for fault in found:
        print(fault)
    return len(found)


def main() -> None:
    parser = argparse.ArgumentParser(prog="make catalogues", description=__doc__, allow_abbrev=False)
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--add", metavar="TAG", help="begin a language, such as it or pt-BR: ADD=it")
    what.add_argument("--update", action="store_true", help="bring all catalogues to what the mails say now")
    what.add_argument("--compile", action="store_true", help="write the .mo that Roster reads")
    given = parser.parse_args()
    sources = [mails(), *packs()]
    if given.add:
        begin(sources, given.add)
        return
    if wrong := sum(look_at(one, updating=given.update, compiling=given.compile) for one in sources):
        sys.exit(f"{wrong} wrong in the catalogues of mails.")


if __name__ == "__main__":
    try:
        main()
    except CatalogueError as error:
        sys.exit(str(error))
