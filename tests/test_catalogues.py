"""The check of the mails' catalogues: one that a mail could not be made of is refused, with the reason."""

import shutil
import subprocess
from dataclasses import replace
from gettext import GNUTranslations
from pathlib import Path

import pytest

from roster.mail.language import languages
from tools import catalogues
from tools.catalogues import CatalogueError, Source, add, begin, compiled, faults, look_at, mails, packs, update

LANGUAGES = [*languages()]
WROTE = "%(actor)s wrote:"
LINK = "mail programs could make a link of it: write a space behind each . and :"
LINE = "write it in one line, without marks of direction and without spaces around it"


@pytest.fixture
def source(tmp_path: Path) -> Source:
    """What is said, with the catalogues in a folder of the test's own."""
    for path in catalogues.CATALOGUES.glob("*.po"):
        shutil.copy(path, tmp_path)
    return replace(mails(), folder=tmp_path)


def translate(source: Source, tag: str, message: str, said: str) -> None:
    """Write another translation of a message, whatever it is now."""
    lines = source.path(tag).read_text(encoding="utf-8").splitlines()
    at = lines.index(f'msgid "{message}"') + 1
    end = next(number for number, line in enumerate(lines[at:], at) if not line)
    lines[at:end] = [f'msgstr "{said}"']
    source.path(tag).write_text("\n".join(lines) + "\n", encoding="utf-8")


def test_all_that_mails_say_is_said_in_every_language() -> None:
    assert mails().tags() == LANGUAGES
    assert [fault for tag in LANGUAGES for fault in faults(mails(), tag)] == []


def test_all_that_packs_call_roles_is_said_in_every_language_but_their_own() -> None:
    for pack in packs():
        assert pack.tags() == [tag for tag in LANGUAGES if tag != "en"]
        assert [fault for tag in pack.tags() for fault in faults(pack, tag)] == []


@pytest.mark.parametrize(
    ("said", "fault"),
    [
        ("", "is not translated"),
        ("Es schreibt jemand:", "%(actor)s is missing"),
        ("%(actor)s schreibt %(to)s:", "there is no place %(to)s"),
        ("%(Actor)s schreibt:", "there is no place %(Actor)s"),
        ("%(actor)s schreibt zu 100 %:", "% only stands in places, such as %(actor)s"),
        ("%(actor)s schreibt %s:", "% only stands in places, such as %(actor)s"),
        ("%(actor)s <b>schreibt</b>:", "it is no HTML: write it without < > &"),
        ("%(actor)s &amp; Co. schreiben:", "it is no HTML: write it without < > &"),
        (
            "%(actor)s schreibt auf example.com:",
            LINK,
        ),
        (
            "%(actor)s schreibt (www von hier):",
            LINK,
        ),
        ("%(actor)s schreibt an a@b:", LINK),
        ("%(actor)s.com schreibt:", LINK),
        ("%(actor)s.Ab sofort:", LINK),
        ("http:%(actor)s schreibt:", LINK),
        (
            "%(actor)s schreibt auf example\uff0ecom:",
            LINK,
        ),
        (
            "%(actor)s schreibt\u2028heute:",
            LINE,
        ),
        (
            "%(actor)s schreibt \u061cheute:",
            LINE,
        ),
        ("%(actor)s schreibt: ://hier", LINK),
        ("%(actor)s schreibt\\n", LINE),
        (" %(actor)s schreibt:", LINE),
        (
            "\u202e%(actor)s schreibt:",
            LINE,
        ),
    ],
)
def test_a_sentence_that_no_mail_could_have_is_refused(source: Source, said: str, fault: str) -> None:
    translate(source, "de", WROTE, said)

    told = list(faults(source, "de"))

    assert told
    assert all(one.startswith(f"de.po: {WROTE!r}") for one in told)
    assert any(fault in one for one in told)


def test_a_direction_is_ltr_or_rtl(source: Source) -> None:
    translate(source, "ar", "ltr", "right to left")

    assert list(faults(source, "ar")) == ["ar.po: 'ltr': write ltr or rtl"]


def test_a_plural_form_too_few_is_missed_and_the_number_may_be_said_in_words(source: Source) -> None:
    text = source.path("ar").read_text(encoding="utf-8")
    assert "msgstr[5]" in text
    assert list(faults(source, "ar")) == []
    one = source.path("ar").read_text(encoding="utf-8").index("msgstr[2]")
    assert "%(count)s" not in text[one : text.index("msgstr[3]", one)]

    at = text.index("msgstr[5]")
    end = text.index("\n\n", at)
    source.path("ar").write_text(text[:at] + 'msgstr[5] ""' + text[end:], encoding="utf-8")

    (told,) = faults(source, "ar")
    assert told.endswith("is not translated")


def test_a_number_is_left_out_only_where_there_is_no_other(source: Source) -> None:
    text = source.path("de").read_text(encoding="utf-8")
    source.path("de").write_text(text.replace("jetzt %(count)s Inhaber", "jetzt Inhaber"), encoding="utf-8")

    told = list(faults(source, "de"))

    assert told
    assert all(one.endswith("%(count)s is missing") for one in told)


@pytest.mark.parametrize(
    ("right", "wrong", "fault"),
    [
        ("Language: de", "Language: it", "de.po: write de as the Language of its header"),
        ("charset=utf-8", "charset=iso-8859-1", "de.po: write utf-8 as the charset of its header"),
    ],
)
def test_a_header_of_another_language_or_encoding_is_refused(
    source: Source, right: str, wrong: str, fault: str
) -> None:
    text = source.path("de").read_text(encoding="utf-8")
    source.path("de").write_text(text.replace(right, wrong), encoding="utf-8")

    assert fault in list(faults(source, "de"))


@pytest.fixture
def pack(tmp_path: Path) -> Source:
    """A pack of an operator's own, without a catalogue."""
    return replace(packs()[0], name="badges", folder=tmp_path, prefix="badges.")


def test_a_pack_of_ones_own_is_as_it_is_written_until_it_has_a_catalogue(pack: Source) -> None:
    assert look_at(pack, updating=False, compiling=False) == 0

    begin([mails(), pack], "de")

    assert pack.path("de").exists()
    assert look_at(pack, updating=False, compiling=False) > len(LANGUAGES) - 2  # the words in German, and the others


def test_a_language_that_is_there_is_not_begun_again(pack: Source) -> None:
    begin([mails(), pack], "de")

    with pytest.raises(CatalogueError, match="There is everything of de already"):
        begin([mails(), pack], "de")


def test_a_language_that_is_given_up_is_spoken_no_more(source: Source, tmp_path: Path) -> None:
    assert look_at(source, updating=False, compiling=True) == 0
    assert (tmp_path / "es.mo").exists()
    source.path("es").unlink()

    assert look_at(source, updating=False, compiling=True) == 0

    assert not (tmp_path / "es.mo").exists()
    assert (tmp_path / "de.mo").exists()


def test_plural_forms_of_another_language_are_refused(source: Source) -> None:
    text = source.path("de").read_text(encoding="utf-8")
    source.path("de").write_text(text.replace("plural=(n != 1)", "plural=(n > 1)"), encoding="utf-8")

    assert "de.po: write Plural-Forms: nplurals=2; plural=(n != 1);" in list(faults(source, "de"))


def test_a_sentence_that_nothing_says_is_refused_and_taken_out_by_an_update(source: Source) -> None:
    with source.path("de").open("a", encoding="utf-8") as file:
        file.write('\nmsgid "Once upon a time"\nmsgstr "Es war einmal"\n')
    (told,) = faults(source, "de")
    assert "nothing says this" in told

    update(source, "de")

    assert list(faults(source, "de")) == []
    assert "Once upon a time" not in source.path("de").read_text(encoding="utf-8")


def test_a_translation_that_is_marked_as_uncertain_is_refused(source: Source) -> None:
    text = source.path("de").read_text(encoding="utf-8")
    source.path("de").write_text(text.replace(f'#, python-format\nmsgid "{WROTE}"', f'#, fuzzy\nmsgid "{WROTE}"'))

    assert list(faults(source, "de")) == [f"de.po: {WROTE!r}: look at it, and take the mark `fuzzy` away"]


def test_english_is_reworded_by_its_catalogue(source: Source, tmp_path: Path) -> None:
    translate(source, "en", WROTE, "A note from %(actor)s:")
    assert list(faults(source, "en")) == []

    compiled(source, "en")

    with (tmp_path / "en.mo").open("rb") as file:
        words = GNUTranslations(file)
    assert words.gettext(WROTE) == "A note from %(actor)s:"
    assert words.gettext("They have joined.") == "They have joined."


def test_a_language_begins_as_one_file_in_which_everything_is_to_be_translated(source: Source) -> None:
    add(source, "pt-BR")

    told = list(faults(source, "pt-BR"))
    assert len(told) == len(list(source.words)) - 1  # its header is no message
    assert all(one.startswith("pt-BR.po: ") and one.endswith(" is not translated") for one in told)
    with pytest.raises(CatalogueError, match=r"pt-BR\.po is there already"):
        add(source, "pt-BR")


@pytest.mark.parametrize("tag", ["German", "xx", "de_DE", "../de", "PT-br", "ES", "iw"])
def test_what_is_no_language_is_no_catalogue(source: Source, tag: str) -> None:
    with pytest.raises(CatalogueError, match="write a language tag that Unicode's CLDR knows"):
        add(source, tag)


@pytest.mark.parametrize("wrong", [b"Hello\n", b'msgid "\xff"\nmsgstr ""\n', b'msgid "a"\nmsgstr[x] "b"\n'])
def test_a_file_that_is_no_catalogue_is_named(source: Source, wrong: bytes) -> None:
    source.path("de").write_bytes(wrong)

    with pytest.raises(CatalogueError, match=r"de\.po is no catalogue of gettext's"):
        list(faults(source, "de"))


def test_updating_and_compiling_twice_makes_the_same_files(source: Source) -> None:
    for tag in LANGUAGES:
        update(source, tag)
        before = source.path(tag).read_bytes()
        assert before == (catalogues.CATALOGUES / f"{tag}.po").read_bytes()
        compiled(source, tag)
        assert source.path(tag).with_suffix(".mo").read_bytes() == (catalogues.CATALOGUES / f"{tag}.mo").read_bytes()


def test_a_layer_without_the_compiled_words_is_not_built(tmp_path: Path) -> None:
    shared = tmp_path / "shared"
    shutil.copytree(Path("layers/shared"), shared, ignore=shutil.ignore_patterns("*.mo", "*.egg-info", "__pycache__"))
    command = ["make", "--silent", "-C", str(shared), "build-SharedLayer", "UV=true", f"ARTIFACTS_DIR={tmp_path}/out"]
    (tmp_path / "out" / "python").mkdir(parents=True)

    built = subprocess.run(command, check=False, capture_output=True, text=True)

    assert built.returncode != 0
    assert ".po is not compiled: run make build." in built.stderr
