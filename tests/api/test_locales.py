"""Languages: a BCP 47 tag in every field and claim that takes one, in one letter case, and nothing else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roster.api.caller import caller_from
from roster.api.locales import locale
from tests.api.test_bad_input import ask
from tests.routes import USES, Use
from tests.world import Team, World

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
    "de-x-1234567-1234567-1234567-123456": "de-x-1234567-1234567-1234567-123456",  # 35
}
NO_TAGS = [
    *("", " ", "d", "de-", "-de", "de--AT", "de_AT", "de-AT ", " de", "de\n", "de-AT-", "de.UTF-8", "de-AT@euro", "*"),
    *(
        "german-de-deutsch-de",
        "German",
        "nonsense",
        "engl",
        "engl-GB",
        "de-toolongsubtag",
        "419",
        "de-1",
        "de-DE-DE",
        "de-latn-latn",
        "i-de",
        "i",
    ),
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
# The routes whose bodies take one; a batch, in its rows.
TAKE_ONE = {
    "POST /organizations",
    "PATCH /organizations/{organization_id}",
    "PATCH /me",
    "POST /organizations/{organization_id}/invitations",
    "POST /organizations/{organization_id}/invitations/{invitation_id}/resend",
}
BY_NOBODY_ELSE = {"PATCH /organizations/{organization_id} by roster/provision"}


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


@pytest.mark.parametrize("use", USES, ids=str)
def test_a_locale_that_is_none_is_refused_by_the_fields_name_at_every_route(team: Team, world: World, use: Use) -> None:
    before = world.items()
    wrong: list[object] = [*NO_TAGS, 1, True, ["de"], {"de": 1}]

    for value in wrong:
        reply = ask(world, use, body={**use.body, "locale": value})
        assert reply.fields == ["locale"], ascii(value)[:40]
        unknown = "Nothing of this name" in reply.text
        assert unknown is (use.name not in TAKE_ONE or str(use) in BY_NOBODY_ELSE)
    assert world.items() == before
    assert team.id


def test_the_rows_of_a_batch_are_judged_each_by_itself(team: Team) -> None:
    rows = [
        {"email": f"zoe{number}@example.com", "roles": ["viewer"], "locale": tag}
        for number, tag in enumerate(("de_AT", "de-at", None))
    ]

    refused, cased, none = team.founder.post(team.path("invitations", "batch"), {"invitations": rows}).body["results"]

    assert [error["field"] for error in refused["problem"]["errors"]] == ["locale"]
    assert (cased["invitation"]["locale"], none["invitation"]["locale"]) == ("de-AT", None)


@pytest.mark.parametrize(
    ("claim", "kept"),
    [
        *(("de", "de"), ("de-AT", "de-AT"), ("de_at", "de-AT"), ("zh_Hant_TW", "zh-Hant-TW")),
        *(
            ("de_AT.UTF-8", None),
            ("de_", None),
            ("__", None),
            ("[de fr]", None),
            (["de"], None),
            (7, None),
            (None, None),
        ),
    ],
    ids=lambda value: ascii(value)[:20],
)
def test_a_claim_may_have_low_lines_and_what_is_no_tag_counts_as_absent(claim: object, kept: str | None) -> None:
    assert caller_from({"sub": "u", "locale": claim}).locale == kept


def test_what_no_body_could_hold_counts_as_absent_in_a_claim() -> None:
    for text in NO_TAGS:
        if "_" not in text:
            assert caller_from({"sub": "u", "locale": text}).locale is None, ascii(text[:40])


def test_the_claim_has_the_name_that_the_deployment_gives_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOCALE_CLAIM", "ui_locale")

    assert caller_from({"sub": "u", "locale": "de", "ui_locale": "fr"}).locale == "fr"
