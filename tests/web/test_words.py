"""The words of the elements: what the API can say has words in every language, and each language is whole and small."""

import gzip
import json
import re
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest

from roster.activity import SENTENCES
from tests.web.node import NODE, ROOT, WEB, run, run_tests

ELEMENTS = WEB / "elements"
WORDS = ELEMENTS / "src/words"
OTHERS = sorted(path.stem for path in WORDS.glob("??.ts"))
LANGUAGES = ["en", *OTHERS]
LARGEST = 4096  # bytes of a language, as it is sent

# Prints each language, its file as it is built, and the plural forms that it has for the counts that may occur.
_PRINT = """
import { readdirSync } from 'node:fs';
import { inOrder } from './build/words.ts';
const en = {};
for (const name of readdirSync('src/words/en').sort()) Object.assign(en, await import(`./src/words/en/${name}`));
const languages = { en }, built = {}, forms = {};
for (const language of LANGUAGES) {
  const path = `${process.cwd()}/src/words/${language}.ts`;
  if (language !== 'en') {
    languages[language] = (await import(path)).translation;
    built[language] = await inOrder(path);
  }
  const rules = new Intl.PluralRules(language);
  forms[language] = [...new Set(Array.from({ length: 10_001 }, (_, count) => rules.select(count)))];
}
console.log(JSON.stringify({ languages, built, forms }));
"""


@cache
def printed() -> Any:
    script = _PRINT.replace("LANGUAGES", json.dumps(LANGUAGES))
    return json.loads(run(ELEMENTS, NODE, "--input-type=module", "--eval", script))


def words(language: str) -> dict[str, str | dict[str, str]]:
    """Return all words of a language, by area and key."""
    areas = printed()["languages"][language]
    return {f"{area}.{key}": word for area, keys in areas.items() for key, word in keys.items()}


def texts(language: str) -> Iterator[tuple[str, str]]:
    """Return all texts of a language, each form of a plural as one."""
    for key, word in words(language).items():
        if isinstance(word, str):
            yield key, word
        else:
            yield from ((f"{key}.{form}", text) for form, text in word.items())


def places(word: str | dict[str, str]) -> set[str]:
    """Return the places of a word. A form need not have the count: it may say one, or two."""
    forms = [word] if isinstance(word, str) else ["{count}", *word.values()]
    return {place for form in forms for place in re.findall(r"\{(\w+)\}", form)}


def schemas() -> Any:
    return json.loads((ROOT / "docs/openapi.people.json").read_text())["components"]["schemas"]


def told_by_the_api() -> set[str]:
    """Return the code of each problem that people may get, alone and with each word that specifies it."""
    keys = {"gateway", "gateway.401", "network", "unknown"}
    for name, schema in schemas().items():
        code = schema.get("properties", {}).get("code", {}).get("const")
        if name.endswith("Problem") and code:
            keys.add(code)
            for member in ("reason", "limit", "invitation_status"):
                keys |= {f"{code}.{word}" for word in schema["properties"].get(member, {}).get("enum", [])}
    return keys


def test_every_code_of_the_api_has_words_with_every_reason_limit_and_status() -> None:
    told = told_by_the_api()

    assert len(told) > 40
    assert told <= printed()["languages"]["en"]["problems"].keys()


def test_every_type_of_event_has_words() -> None:
    assert SENTENCES.keys() <= printed()["languages"]["en"]["events"].keys()


def test_every_status_and_every_delivery_of_an_invitation_has_words() -> None:
    properties = schemas()["Invitation"]["properties"]
    wanted = {f"{member}.{word}" for member in ("status", "delivery") for word in properties[member]["enum"]}

    wanted.remove("status.accepted")  # what has been accepted is a member, and not listed
    assert wanted <= printed()["languages"]["en"]["invitations"].keys()


@pytest.mark.parametrize("language", OTHERS)
def test_a_language_says_all_that_english_says_in_the_same_order(language: str) -> None:
    assert list(words(language)) == list(words("en"))


@pytest.mark.parametrize("language", OTHERS)
def test_a_language_has_the_places_of_english(language: str) -> None:
    english = words("en")
    # Where English has no words, it tells the API's.
    differing = {key: places(word) ^ places(english[key]) for key, word in words(language).items() if english[key]}
    assert {key: names for key, names in differing.items() if names} == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_plural_has_all_forms_that_its_language_asks_for(language: str) -> None:
    forms = set(printed()["forms"][language])
    plurals = {key: word for key, word in words(language).items() if isinstance(word, dict)}

    assert plurals
    assert {key: forms ^ word.keys() for key, word in plurals.items() if forms ^ word.keys()} == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_words_are_calm_text_without_markup(language: str) -> None:
    refused = re.compile(r"[<>&!¡\"'`]|\.\.\.|\s\s|^\s|\s$|[\u202a-\u202e\u2066-\u2069]")
    letter = "Mail about others' doings"  # this name is fixed

    said = {key: text for key, text in texts(language) if text or not key.startswith("problems.")}
    assert {key: text for key, text in said.items() if refused.search(text) and text != letter} == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_only_a_problem_in_english_may_be_left_to_the_words_of_the_api(language: str) -> None:
    left = {key for key, text in texts(language) if not text}

    assert all(language == "en" and key.startswith("problems.") for key in left)


@pytest.mark.parametrize("language", OTHERS)
def test_no_sentence_is_left_in_english(language: str) -> None:
    english = dict(texts("en"))
    sentences = {key: text for key, text in texts(language) if re.search(r"[.?؟]$", text)}

    assert {key: text for key, text in sentences.items() if english.get(key) == text} == {}


def test_no_line_of_french_breaks_before_its_punctuation() -> None:
    assert {key: text for key, text in texts("fr") if re.search(r" [?;:»]|« |[^\s\u00a0\u202f][?;»]", text)} == {}


@pytest.mark.parametrize("language", OTHERS)
def test_a_language_is_small(language: str) -> None:
    assert len(gzip.compress(printed()["built"][language].encode(), 9)) <= LARGEST


def test_words_are_said_as_their_own_tests_say() -> None:
    run_tests(ELEMENTS, "--conditions=source")
