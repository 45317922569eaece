"""Languages: a BCP 47 tag in every field and claim that takes one, in one letter case, and nothing else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roster.api.locales import locale

CASED = {
    "de": "de",
    "DE": "de",
    "de-at": "de-AT",
    "PT-br": "pt-BR",
    "zh-hant-tw": "zh-Hant-TW",
    "es-419": "es-419",
    "zh-YUE-hk": "zh-yue-HK",
    "sl-ROZAJ-Biske-1994": "sl-rozaj-biske-1994",
    "de-CH-1901": "de-CH-1901",
    "sr-LATN-rs": "sr-Latn-RS",
    "en-ca-x-CA": "en-CA-x-ca",
    "de-DE-U-CO-phonebk": "de-DE-u-co-phonebk",
    "en-a-bbb-x-a-ccc": "en-a-bbb-x-a-ccc",
    "ar-u-nu-LATN": "ar-u-nu-latn",
    "X-Whatever-AB": "x-whatever-ab",
    "I-Klingon": "i-klingon",
    "en-gb-OED": "en-GB-oed",
    "sgn-be-fr": "sgn-BE-FR",
    "art-lojban": "art-lojban",
    "qaa-Qaaa-QM-x-southern": "qaa-Qaaa-QM-x-southern",
    "a" * 8: "a" * 8,
    "de-x-1234567-1234567-1234567-123456": "de-x-1234567-1234567-1234567-123456",  # 35
}
NO_TAGS = [
    *("", " ", "d", "de-", "-de", "de--AT", "de_AT", "de-AT ", " de", "de\n", "de-AT-", "de.UTF-8", "de-AT@euro", "*"),
    *("german-de-deutsch-de", "a" * 9, "de-toolongsubtag", "419", "de-1", "de-DE-DE", "de-latn-latn", "i-de", "i"),
    *("x", "x-", "de-x", "de-u", "de-a-x-b", "en-a", "a-de", "de-aaa-bbb-ccc-ddd"),
    *("de-1901-1901", "sl-rozaj-ROZAJ", "en-a-bbb-a-ccc", "en-a-bbb-A-ccc"),  # twice the same
    *(
        "dé",
        "\u0430z",
        "\u017fv",
        "\u212aa",
        "d\u0131",
        "de-\uff21\uff34",
        "de-\u0664\u0661\u0669",
        "\u200bde",
        "de\x00",
    ),
    "de-x-1234567-1234567-1234567-1234567",  # 36
    "en" + "-x" * 30_000,
]


@pytest.mark.parametrize("tag", CASED)
def test_a_tag_is_kept_in_the_letter_case_that_the_standard_recommends(tag: str) -> None:
    assert locale(tag) == CASED[tag]


@pytest.mark.parametrize("text", NO_TAGS, ids=lambda text: ascii(text[:20]))
def test_what_is_no_tag_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="BCP 47"):
        locale(text)


@given(st.from_regex(r"\A[a-zA-Z]{1,3}(-[a-zA-Z0-9]{1,8}){0,4}\Z") | st.text(max_size=12))
def test_what_is_taken_is_taken_again_as_it_is(text: str) -> None:
    try:
        taken = locale(text)
    except ValueError:
        return
    assert locale(taken) == taken
    assert taken.lower() == text.lower()
