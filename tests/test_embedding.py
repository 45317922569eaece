"""deploy/: that the examples of CDK and Terraform give what template.yaml asks for, and read what it puts out."""

import re
from pathlib import Path
from typing import Any

import pytest

from local.template import translate
from tests.deployment import PARAMETERS

DEPLOY = Path(__file__).parents[1] / "deploy"
APP = (DEPLOY / "cdk" / "app.ts").read_text()
MAIN = (DEPLOY / "terraform" / "main.tf").read_text()
GIVEN = {
    "cdk": dict(re.findall(r"^      (\w+): '(.*)',$", APP, re.MULTILINE)),
    "terraform": dict(
        re.findall(
            r'^  (\w+) += "(.*)"$', (DEPLOY / "terraform" / "terraform.tfvars.example").read_text(), re.MULTILINE
        )
    ),
}
each_example = pytest.mark.parametrize("given", GIVEN.values(), ids=GIVEN)


@pytest.fixture(scope="module")
def template() -> dict[str, Any]:
    return translate(PARAMETERS)


@each_example
def test_an_example_gives_every_parameter_that_is_required_and_none_that_is_unknown(
    template: dict[str, Any], given: dict[str, str]
) -> None:
    declared = template["Parameters"]

    assert {name for name, parameter in declared.items() if "Default" not in parameter} <= given.keys()
    assert given.keys() <= declared.keys()


@each_example
def test_an_example_gives_only_what_the_template_allows(template: dict[str, Any], given: dict[str, str]) -> None:
    for name, value in given.items():
        assert re.fullmatch(template["Parameters"][name].get("AllowedPattern", ".*"), value), name


def test_the_examples_read_outputs_that_there_are(template: dict[str, Any]) -> None:
    read = re.findall(r"Outputs\.(\w+)", APP) + re.findall(r'outputs\["(\w+)"\]', MAIN)

    assert len(read) == 2
    assert set(read) <= template["Outputs"].keys()


def test_the_domain_asks_for_an_output_and_gives_a_parameter_by_its_name(template: dict[str, Any]) -> None:
    domain = (DEPLOY / "domain.yaml").read_text()

    assert "  ApiDomain:\n" in domain
    assert "ApiDomain" in template["Outputs"]
    assert "  PublicUrl:\n" in domain
    assert "PublicUrl" in template["Parameters"]
