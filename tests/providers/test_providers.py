"""The tokens of five providers, from the check at the gateway to the real handlers: who is a person, who a machine."""

import re
from functools import cache
from pathlib import Path

import jwt
import pytest

from local.issuer import Issuer
from local.template import Stack, translate
from tests.deployment import PARAMETERS
from tests.providers.tokens import PROVIDERS, Claims, Provider
from tests.world import Caller, Team, World

PAGE = (Path(__file__).parents[2] / "docs" / "signin.md").read_text()
OURS = {
    "Issuer",
    "Audience",
    "EmailClaim",
    "EmailVerifiedClaim",
    "NameClaim",
    "LocaleClaim",
    "ScopeClaim",
    "MachineRule",
}
FAR_AWAY = 4_102_444_800  # the year 2100
each_provider = pytest.mark.parametrize("provider", PROVIDERS, ids=str)


@cache
def stack(provider: Provider) -> Stack:
    """The stack as it is deployed for the provider."""
    return Stack(PARAMETERS | provider.parameters, {"Table": "roster", "LinkKey": "k", "LinkKey.Arn": "k"})


class Gate:
    """A deployment for one provider, with the check that the gateway makes of its tokens."""

    def __init__(self, provider: Provider, world: World) -> None:
        self.world = world
        self._issuer = Issuer(stack(provider).issuer, stack(provider).audience)

    def let_in(self, claims: Claims) -> Caller:
        """Check a signed token of these claims, and take on the caller with what the gateway hands over."""
        token = jwt.encode(claims | {"exp": FAR_AWAY}, self._issuer._key, "RS256", {"kid": self._issuer._key_id})
        checked = self._issuer.claims(token)
        assert checked, "the gateway would answer 401"
        return Caller(self.world, checked)


@pytest.fixture
def gate(provider: Provider, world: World, monkeypatch: pytest.MonkeyPatch) -> Gate:
    """The gate, and the functions' environment as the template sets it for the provider."""
    environment = stack(provider).functions["organizations/me"].environment
    for name in ("EMAIL_CLAIM", "EMAIL_VERIFIED_CLAIM", "NAME_CLAIM", "LOCALE_CLAIM", "SCOPE_CLAIM", "MACHINE_RULE"):
        monkeypatch.setenv(name, str(environment[name]))
    return Gate(provider, world)


@pytest.fixture
def acme(provider: Provider, gate: Gate) -> Team:
    """An organization of somebody else's."""
    return Team.found(gate.world, gate.let_in(provider.person | {"sub": "bob", "email": "bob@example.com"}))


@each_provider
def test_a_person_of_each_provider_has_a_name_and_a_verified_address(provider: Provider, gate: Gate) -> None:
    me = gate.let_in(provider.person).put("/me")

    assert me.status == 200
    assert (me.body["user_id"], me.body["name"]) == (provider.person["sub"], "Ada Archer")
    assert (me.body["email"], me.body["email_verified"]) == ("ada@example.com", True)


@each_provider
def test_a_person_of_each_provider_sees_and_accepts_an_invitation_to_their_address(
    provider: Provider, gate: Gate, acme: Team
) -> None:
    sent = acme.founder.post(acme.path("invitations"), {"email": "ada@example.com", "roles": ["viewer"]}).body
    ada = gate.let_in(provider.person)

    assert [one["id"] for one in ada.get("/me/invitations").body["items"]] == [sent["id"]]
    assert ada.post(acme.path("invitations", sent["id"], "accept")).status == 200


@each_provider
@pytest.mark.parametrize("said", [False, None], ids=["false", "absent"])
def test_nobody_has_a_verified_address_without_the_providers_word(
    provider: Provider,
    gate: Gate,
    acme: Team,
    said: bool | None,  # noqa: FBT001
) -> None:
    acme.founder.post(acme.path("invitations"), {"email": "ada@example.com", "roles": ["viewer"]})
    claims = provider.person | {provider.verified: said}
    ada = gate.let_in({name: value for name, value in claims.items() if value is not None})

    assert ada.put("/me").body["email_verified"] is False
    assert ada.get("/me/invitations").refusal == (403, "email_not_verified")


@each_provider
def test_a_machine_of_each_provider_may_do_what_its_scopes_say_and_no_more(
    provider: Provider, gate: Gate, acme: Team
) -> None:
    machine = gate.let_in(provider.machine)

    assert machine.put(acme.path("plan"), {"plan": "enterprise"}).status == 200
    assert machine.get(acme.path()).body["plan"] == "enterprise"
    assert machine.delete("/users/bob").body["reason"] == "scope_missing"
    assert machine.put("/me").body["reason"] == "not_a_person"


@each_provider
def test_no_token_of_a_person_passes_as_a_machines(provider: Provider, gate: Gate, acme: Team) -> None:
    for claims in (provider.person, *provider.impostors):
        eve = gate.let_in(claims)

        assert eve.put("/me").status == 200, claims
        assert eve.put(acme.path("plan"), {"plan": "enterprise"}).body["reason"] == "scope_missing", claims
        assert eve.get(acme.path()).status == 404, claims
    assert acme.organization()["plan"] == "free"


@each_provider
def test_a_token_for_something_else_is_refused_at_the_gateway(provider: Provider, gate: Gate) -> None:
    for claims in (provider.person, provider.machine):
        named = "aud" if "aud" in claims else "client_id"
        with pytest.raises(AssertionError, match="401"):
            gate.let_in(claims | {named: "another"})
        with pytest.raises(AssertionError, match="401"):
            gate.let_in(claims | {"iss": "https://example.com"})


@each_provider
def test_the_page_names_the_parameters_that_are_tried_here(provider: Provider) -> None:
    section = PAGE.partition(f"\n## {provider}\n")[2].partition("\n## ")[0]
    rows = re.findall(r"^\| `(\w+)` \| `(\S+)` \|", section, re.MULTILINE)

    assert {name: value for name, value in rows if name in OURS} == provider.parameters


@each_provider
def test_the_parameters_are_what_the_template_allows(provider: Provider) -> None:
    declared = translate(PARAMETERS | provider.parameters)["Parameters"]

    for name, value in provider.parameters.items():
        for each in value.split(",") if declared[name]["Type"] == "CommaDelimitedList" else [value]:
            assert re.fullmatch(declared[name].get("AllowedPattern", ".*"), each), name
