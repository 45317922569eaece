"""The key of the links: the stack's own, or one that is given to it, such as that of a stack before it."""

import re

import pytest

from local.template import Stack, translate
from roster import links
from tests.deployment import PARAMETERS, client

OWN = "arn:aws:kms:us-east-1:000000000000:key/own"
GIVEN = "arn:aws:kms:us-east-1:000000000000:key/mrk-12345678901234567890123456789012"
STACKS = {
    OWN: Stack(PARAMETERS, {"LinkKey.Arn": OWN}),
    GIVEN: Stack(PARAMETERS | {"LinkKeyArn": GIVEN}, {}),
}
each_key = pytest.mark.parametrize("key", [OWN, GIVEN], ids=["its own", "a given one"])


def allowed(stack: Stack) -> set[str]:
    """The keys that the policies are about."""
    policies = [stack._resources[name]["Properties"] for name in stack._of_type("AWS::IAM::ManagedPolicy")]
    statements = [one for policy in policies for one in stack._resolve(policy["PolicyDocument"]["Statement"])]
    return {one["Resource"] for one in statements if str(one["Action"]).startswith("kms:")}


def new_key() -> str:
    made = client("kms").create_key(KeySpec="HMAC_256", KeyUsage="GENERATE_VERIFY_MAC")
    return str(made["KeyMetadata"]["Arn"])


def use(monkeypatch: pytest.MonkeyPatch, stack: Stack) -> None:
    """Go on as in a function of this stack."""
    monkeypatch.setenv("LINK_KEY", stack.functions["invite/accept"].environment["LINK_KEY"])


@each_key
def test_every_function_uses_the_key_that_there_is_and_may_use_no_other(key: str) -> None:
    stack = STACKS[key]

    assert {function.environment["LINK_KEY"] for function in stack.functions.values()} == {key}
    assert allowed(stack) == {key}


@each_key
def test_the_stack_makes_a_key_only_where_none_is_given(key: str) -> None:
    declared = STACKS[key]._resources["LinkKey"]

    assert STACKS[key]._holds(declared) == (key == OWN)


@each_key
def test_an_output_tells_the_key_so_that_another_stack_can_be_given_it(key: str) -> None:
    told = translate(PARAMETERS)["Outputs"]["LinkKeyArn"]["Value"]

    assert STACKS[key]._resolve(told) == key


@pytest.mark.usefixtures("aws")
def test_a_link_that_was_mailed_works_in_a_new_stack_that_is_given_the_key(monkeypatch: pytest.MonkeyPatch) -> None:
    kept, other = new_key(), new_key()
    use(monkeypatch, Stack(PARAMETERS, {"LinkKey.Arn": kept}))
    link = links.parse(links.make(links.Purpose.MAILED, "acme", "one", "bob@example.com", "sent"))
    assert link is not None

    use(monkeypatch, Stack(PARAMETERS, {"LinkKey.Arn": other}))
    assert not links.verified(link, "bob@example.com")

    use(monkeypatch, Stack(PARAMETERS | {"LinkKeyArn": kept}, {"LinkKey.Arn": other}))
    assert links.verified(link, "bob@example.com")


@pytest.mark.parametrize(
    "refused",
    [
        "12345678-1234-1234-1234-123456789012",
        "alias/links",
        "arn:aws:kms:us-east-1:000000000000:alias/links",
        "arn:aws:kms:us-east-1:000000000000:key/",
        "arn:aws:kms:us-east-1:000000000000:key/*",
        "arn:aws:dynamodb:us-east-1:000000000000:table/roster",
    ],
    ids=["an id", "an alias", "an alias' ARN", "no key", "all keys", "a table"],
)
def test_only_the_arn_of_one_key_is_taken(refused: str) -> None:
    parameter = translate(PARAMETERS)["Parameters"]["LinkKeyArn"]
    taken = re.compile(parameter["AllowedPattern"])

    assert parameter["Default"] == ""
    assert all(taken.fullmatch(key) for key in ("", GIVEN, GIVEN.replace("aws", "aws-us-gov")))
    assert not taken.fullmatch(refused)
