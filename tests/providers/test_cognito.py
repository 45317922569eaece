"""deploy/cognito.yaml, deployed to an emulator: who signs in there is a person or a machine to the real functions."""

import base64
import hashlib
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import httpx
import jwt
import pytest
from samtranslator.yaml_helper import yaml_parse

from local.engine import Engine
from local.template import translate
from tests.deployment import PARAMETERS
from tests.world import Caller, Team, World

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "deploy" / "cognito.yaml").read_text()
TEMPLATE = yaml_parse(TEXT)
BACK = "https://app.example.com/signed-in"
ADA, PASSWORD = "ada@example.com", "Correct-horse-9-battery"
VERIFIER = "v" * 64
CHALLENGE = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()
ASKED = {
    "response_type": "code",
    "scope": "openid email profile",
    "redirect_uri": BACK,
    "code_challenge": CHALLENGE,
    "code_challenge_method": "S256",
}


class Pool:
    """The stack on the emulator, and what its endpoints answer."""

    def __init__(self, address: str) -> None:
        self.http = httpx.Client(base_url=address)
        access = {"aws_access_key_id": "a", "aws_secret_access_key": "b", "region_name": "us-east-1"}
        self.cognito: Any = boto3.client("cognito-idp", endpoint_url=address, **access)  # type: ignore[call-overload]
        cloudformation: Any = boto3.client("cloudformation", endpoint_url=address, **access)  # type: ignore[call-overload]
        given = {"DomainPrefix": "acme-badges", "CallbackUrls": BACK, "LogoutUrls": BACK}
        given |= {"BillingScopes": "roster/billing,roster/read"}
        cloudformation.create_stack(
            StackName="signin",
            # The emulator does not know the look of the sign-in pages.
            TemplateBody=re.sub(r"  PagesLook:.*?\n\n", "", TEXT, flags=re.DOTALL),
            Parameters=[{"ParameterKey": name, "ParameterValue": value} for name, value in given.items()],
        )
        cloudformation.get_waiter("stack_create_complete").wait(
            StackName="signin", WaiterConfig={"Delay": 1, "MaxAttempts": 30}
        )
        (stack,) = cloudformation.describe_stacks(StackName="signin")["Stacks"]
        self.outputs = {one["OutputKey"]: one["OutputValue"] for one in stack["Outputs"]}
        self.app, self.billing = self.outputs["AppClient"], self.outputs["BillingClient"]

    def sign_up(self) -> None:
        """Make an account, with the code from the mail."""
        attributes = [{"Name": "email", "Value": ADA}, {"Name": "name", "Value": "Ada Archer"}]
        self.cognito.sign_up(ClientId=self.app, Username=ADA, Password=PASSWORD, UserAttributes=attributes)
        self.cognito.confirm_sign_up(ClientId=self.app, Username=ADA, ConfirmationCode="123456")

    def sign_in(self, verifier: str = VERIFIER) -> dict[str, Any]:
        """Fill in the sign-in page, come back with a code, and exchange that for tokens."""
        page = self.http.get("/oauth2/authorize", params=ASKED | {"client_id": self.app})
        form = dict(re.findall(r'name="([^"]+)" value="([^"]*)"', page.text))
        back = self.http.post("/login", data=form | {"username": ADA, "password": PASSWORD})
        code = httpx.URL(back.headers["location"]).params["code"]
        grant = {"grant_type": "authorization_code", "client_id": self.app, "code": code, "redirect_uri": BACK}
        tokens: dict[str, Any] = self.http.post("/oauth2/token", data=grant | {"code_verifier": verifier}).json()
        return tokens

    def machine(self, **asked: str) -> dict[str, Any]:
        """Ask for a machine's token."""
        described = self.cognito.describe_user_pool_client(UserPoolId=self.outputs["PoolId"], ClientId=self.billing)
        secret = described["UserPoolClient"]["ClientSecret"]
        grant = {"grant_type": "client_credentials"} | asked
        tokens: dict[str, Any] = self.http.post("/oauth2/token", auth=(self.billing, secret), data=grant).json()
        return tokens


@pytest.fixture(scope="module")
def pool() -> Iterator[Pool]:
    """A pool with one person in it."""
    engine = Engine("none")
    try:
        made = Pool(engine.address)
        with made.http:
            made.sign_up()
            yield made
    finally:
        engine.close()


def claims(token: str) -> dict[str, Any]:
    said: dict[str, Any] = jwt.decode(token, options={"verify_signature": False})
    return said


def test_who_signs_in_is_a_person_with_a_name_and_a_verified_address(pool: Pool, world: World) -> None:
    said = claims(pool.sign_in()["id_token"])
    me = Caller(world, said).put("/me").body

    assert said["iss"] == pool.outputs["Issuer"]
    assert said["aud"] in pool.outputs["Audience"].split(",")
    assert (me["name"], me["email"], me["email_verified"]) == ("Ada Archer", ADA, True)


def test_a_machine_has_the_scopes_of_its_client_alone(
    pool: Pool, world: World, team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MACHINE_RULE", pool.outputs["MachineRule"])
    said = claims(pool.machine()["access_token"])
    machine = Caller(world, said)

    assert "aud" not in said
    assert said["client_id"] in pool.outputs["Audience"].split(",")
    assert machine.put(team.path("plan"), {"plan": "enterprise"}).status == 200
    assert machine.delete(f"/users/{team.founder.id}").body["reason"] == "scope_missing"
    assert "access_token" not in pool.machine(scope="roster/move")


def test_no_token_of_a_person_is_a_machines(
    pool: Pool, world: World, team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MACHINE_RULE", pool.outputs["MachineRule"])
    tokens = pool.sign_in()

    for kind in ("id_token", "access_token"):
        ada = Caller(world, claims(tokens[kind]) | {"scope": "roster/billing roster/read"})
        assert ada.put(team.path("plan"), {"plan": "enterprise"}).body["reason"] == "scope_missing", kind
        assert ada.put("/me").status == 200, kind


def test_a_code_is_worth_nothing_to_who_did_not_ask_for_it(pool: Pool) -> None:
    assert pool.sign_in(verifier="w" * 64)["error"] == "invalid_grant"


def test_the_app_gets_no_token_of_a_machine(pool: Pool) -> None:
    asked = {"grant_type": "client_credentials", "client_id": pool.app}

    assert "access_token" not in pool.http.post("/oauth2/token", data=asked).json()


def test_outputs_are_parameters_of_rosters_template_as_it_allows_them(pool: Pool) -> None:
    declared = translate(PARAMETERS)["Parameters"]

    for name in ("Issuer", "Audience", "MachineRule"):
        value = pool.outputs[name]
        for each in value.split(",") if declared[name]["Type"] == "CommaDelimitedList" else [value]:
            assert re.fullmatch(declared[name]["AllowedPattern"], each), name


def test_the_pool_has_every_scope_that_machines_may_have() -> None:
    described = re.findall(r"^\| `(roster/\w+)` \|", (ROOT / "docs" / "machines.md").read_text(), re.MULTILINE)
    server = TEMPLATE["Resources"]["Scopes"]["Properties"]

    assert [f"{server['Identifier']}/{one['ScopeName']}" for one in server["Scopes"]] == described
    for name in ("BackendScopes", "BillingScopes", "OperatorScopes"):
        pattern = TEMPLATE["Parameters"][name]["AllowedPattern"]
        assert all(re.fullmatch(pattern, scope) for scope in ("", *described)), name
        assert not re.fullmatch(pattern, "roster/other")


def test_an_address_is_verified_before_it_stands_in_a_token_and_by_nobody_but_the_pool() -> None:
    people, app = (TEMPLATE["Resources"][name]["Properties"] for name in ("People", "App"))

    assert people["AutoVerifiedAttributes"] == ["email"]
    assert people["UserAttributeUpdateSettings"] == {"AttributesRequireVerificationBeforeUpdate": ["email"]}
    assert {"email", "email_verified", "name"} <= set(app["ReadAttributes"])
    assert "email_verified" not in app["WriteAttributes"]


def test_every_client_of_a_machine_takes_no_people() -> None:
    clients = [one for one in TEMPLATE["Resources"].values() if one["Type"] == "AWS::Cognito::UserPoolClient"]
    machines = [one["Properties"] for one in clients if one["Properties"]["GenerateSecret"]]

    assert len(clients) == len(machines) + 1
    for client in machines:
        assert client["AllowedOAuthFlows"] == ["client_credentials"]
        assert client["ExplicitAuthFlows"] == ["ALLOW_REFRESH_TOKEN_AUTH"]
