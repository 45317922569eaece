"""Addresses: one normal form, ASCII in lower case, told from bodies and claims by one function."""

from string import ascii_lowercase, ascii_uppercase

import pytest
from email_validator import EmailNotValidError, validate_email
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from functions.invite.send import NewInvitation
from roster.api import addresses
from roster.api.addresses import address, ascii_form
from roster.api.caller import caller_from
from tests.world import Team, World

ASCII_UPPER = str.maketrans(ascii_lowercase, ascii_uppercase)
LONGEST = f"{'a' * 60}@{'.'.join(['b' * 60] * 3)}.{'c' * 6}.com"
SAME = [
    ("Ada.Byron@EXAMPLE.com", "ada.byron@example.com"),
    ("ada+news@example.com", "ada+news@example.com"),
    ("ada@BÜCHER.example.com", "ada@bücher.example.com"),
    ("ada@xn--bcher-kva.example.com", "ada@bücher.example.com"),
    ("ada@bu\N{COMBINING DIAERESIS}cher.example.com", "ada@bücher.example.com"),
    (LONGEST, LONGEST),
    (" ada@example.com", "ada@example.com"),
    ("ada@example.com\r\n", "ada@example.com"),
    ("\t\N{NO-BREAK SPACE}ada@example.com\N{IDEOGRAPHIC SPACE}\N{LINE SEPARATOR}", "ada@example.com"),
    (f"{' ' * 2_000}ada@example.com", "ada@example.com"),
]
REFUSED = [
    "eve",
    "eve@",
    "@example.com",
    "eve@localhost",
    "eve@example.test",
    "eve@example.invalid",
    "eve@printer.local",
    "Eve <eve@example.com>",
    "<eve@example.com>",
    '"eve adams"@example.com',
    "eve@[192.0.2.1]",
    "eve@example.com, fay@example.com",
    "eve@@example.com",
    "eve @example.com",
    "eve@ example.com",
    "éve@example.com",
    "e\N{COMBINING ACUTE ACCENT}ve@example.com",
    "\N{KELVIN SIGN}eve@example.com",
    "\N{FULLWIDTH LATIN SMALL LETTER E}ve@example.com",
    "ева@example.com",
    "\u200beve@example.com",
    "\ufeffeve@example.com",
    "=?utf-8?q?eve?=@example.com",
    "eve=?@example.com",
    "eve@example.com\r\nBcc: fay@example.com",
    "eve\0@example.com",
    "eve@exa mple.com",
    "eve..adams@example.com",
    "eve@-example.com",
    f"a{LONGEST}",
    "",
    7,
    ["eve@example.com"],
    {"email": "eve@example.com"},
]
texts = st.text(max_size=40)
# What tends to go wrong: case, composition, compatibility forms, internationalized and reserved domains.
letters = "aHjKtWY09.+-_'ÄäßİẖéKÅ\u0131\u017f\uff41\u0301\u0307\u0308\u030a\u030c\u0331@ \"<>"
locals_ = st.text(st.sampled_from(letters), min_size=1)
domains = st.sampled_from(
    ["example.com", "EXAMPLE.com", "bücher.example.com", "XN--BCHER-KVA.example.com", "faß.example.com", "x.test", "x"]
)
anything = texts | st.builds("{}@{}".format, locals_, domains)


def from_body(text: str) -> str | None:
    try:
        return NewInvitation.model_validate({"email": text, "roles": ["viewer"]}).email
    except ValidationError:
        return None


def from_claims(text: str) -> str | None:
    return caller_from({"sub": "eve", "email": text, "email_verified": "true"}).verified_email


@pytest.mark.parametrize(("written", "kept"), SAME)
def test_an_address_is_kept_and_shown_in_one_form(written: str, kept: str) -> None:
    assert from_body(written) == kept
    assert from_claims(written) == kept
    assert len(LONGEST) == 254


def test_what_is_no_address_is_refused_and_named(team: Team) -> None:
    for wrong in REFUSED:
        reply = team.founder.post(team.path("invitations"), {"email": wrong, "roles": ["viewer"]})
        assert reply.fields == ["email"]


def test_what_is_no_address_in_a_claim_counts_as_absent(team: Team, world: World) -> None:
    for wrong in (
        "eve@example.test",
        "Eve <eve@example.com>",
        f"a{LONGEST}",
        "éve@example.com",
        "eve=?@example.com",
        "",
    ):
        eve = world.person("Eve", email=wrong)
        assert eve.get("/me/invitations").refusal == (403, "email_not_verified")
    invitation_id = team.invite("eve@example.com", "viewer")["id"]
    link = {"token": team.token(invitation_id)}
    joined = world.person("Eve", email="eve@example.test").post(team.path("invitations", invitation_id, "accept"), link)
    assert (joined.status, joined.body["email"]) == (200, "eve@example.com")


@pytest.mark.parametrize(
    ("invited", "claimed"),
    [
        ("Eve.Adams@Example.COM", "eve.ADAMS@example.com"),
        ("eve@bücher.example.com", "EVE@xn--bcher-kva.example.com"),
        ("eve@bu\N{COMBINING DIAERESIS}cher.example.com", "Eve@BÜCHER.example.com"),
        (" eve@example.com", "eve@example.com\N{NO-BREAK SPACE}"),
    ],
)
def test_one_address_in_two_spellings_is_one(invited: str, claimed: str, team: Team, world: World) -> None:
    again = {"email": claimed, "roles": ["viewer"]}
    invitation = team.invite(invited, "viewer")
    eve = world.person("Eve", email=claimed)

    assert team.founder.post(team.path("invitations"), again).refusal == (409, "already_invited")
    assert [one["id"] for one in eve.get("/me/invitations").body["items"]] == [invitation["id"]]
    joined = eve.post(team.path("invitations", invitation["id"], "accept"))
    assert (joined.status, joined.body["email"]) == (200, invitation["email"])
    assert team.founder.post(team.path("invitations"), again).refusal == (409, "already_member")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("eve+news@example.com", "eve@example.com"),
        ("eve.adams@example.com", "eveadams@example.com"),
        ("a@bücher.example.com", "a@bucher.example.com"),
        ("a@faß.example.com", "a@fass.example.com"),
    ],
)
def test_nothing_else_is_folded(one: str, other: str, team: Team, world: World) -> None:
    invitation = team.invite(one, "viewer")
    guest = world.person("Guest", email=other)

    assert guest.post(team.path("invitations", invitation["id"], "accept")).refusal == (404, "not_found")
    assert team.invite(other, "viewer")["id"] != invitation["id"]


@given(anything)
def test_bodies_and_claims_are_treated_alike(text: str) -> None:
    assert from_body(text) == from_claims(text)


@given(anything)
def test_the_form_kept_is_its_own_form_in_any_case_of_ascii(text: str) -> None:
    kept = from_body(text)

    if kept is not None:
        assert address(kept) == address(kept.translate(ASCII_UPPER)) == kept
        assert len(kept) <= 254
        assert kept.partition("@")[0].isascii()
        assert not any("A" <= letter <= "Z" for letter in kept)


def by_email_validator(text: str) -> str | None:
    """What email-validator alone makes of an address; None if it refuses it."""
    try:
        found = validate_email(text.strip(), check_deliverability=False, allow_smtputf8=False)
    except EmailNotValidError:
        return None
    return None if "=?" in found.local_part else f"{found.local_part.lower()}@{found.domain}"


def by_roster(text: str) -> str | None:
    try:
        return address(text)
    except ValueError:
        return None


@given(st.from_regex(addresses._PLAIN, fullmatch=True))
def test_what_is_plainly_an_address_is_one_for_email_validator_too(text: str) -> None:
    assert by_roster(text) == by_email_validator(text) is not None
    assert ascii_form(text.lower()) == validate_email(text.lower(), check_deliverability=False).ascii_email


PARTS = [
    "a",
    "Z",
    "9",
    ".",
    "-",
    "--",
    "_",
    "+",
    "@",
    "=?",
    "xn--",
    "com",
    "test",
    "localhost",
    "example",
    "ü",
    "K",
    " ",
    "a" * 30,
]


@given(
    st.lists(st.sampled_from(PARTS), max_size=8),
    st.lists(st.sampled_from(PARTS), max_size=8),
    st.sampled_from(["com", "test", "ONION", "c", "1a", ""]),
)
def test_what_is_nearly_a_plain_address_is_answered_as_email_validator_does(
    local: list[str], domain: list[str], last: str
) -> None:
    text = f"{''.join(local)}@{''.join(domain)}.{last}"

    assert by_roster(text) == by_email_validator(text)
