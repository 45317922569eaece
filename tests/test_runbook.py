"""The runbook: an entry for each alarm, which says what it means, what to look at and what to do."""

import re
from pathlib import Path

from local.template import translate
from tests.deployment import PARAMETERS

RUNBOOK = (Path(__file__).parents[1] / "docs" / "runbook.md").read_text()


def test_every_alarm_has_its_entry_in_the_runbook() -> None:
    resources = translate(PARAMETERS)["Resources"]
    alarms = {name for name, resource in resources.items() if resource["Type"] == "AWS::CloudWatch::Alarm"}

    assert set(re.findall(r"^## (\w+)$", RUNBOOK, re.MULTILINE)) == alarms


def test_every_entry_says_what_it_means_what_to_look_at_and_what_to_do() -> None:
    for entry in RUNBOOK.split("\n## ")[1:]:
        assert all(word in entry for word in ("**Means**", "**Look at**", "**Do**")), entry.splitlines()[0]
