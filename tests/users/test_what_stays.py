"""What stays of somebody who is erased: docs/machines.md lists it, with the times of template and code."""

import re
from pathlib import Path

from local.template import translate
from roster.table.items import IDEMPOTENCY_KEPT, INVITATION_KEPT
from roster.table.mails import CAME_BACK_KEPT, CLAIM_KEPT, MAIL_COUNT_KEPT
from tests.deployment import PARAMETERS

PAGE = (Path(__file__).parents[2] / "docs" / "machines.md").read_text()
SECTION = PAGE.split("### What stays, and for how long")[1]
ROWS = re.findall(r"^\| (?P<what>.+?) \| .+ \| (?P<until>.+?) \|$", SECTION, re.MULTILINE)
DAY = 24 * 60 * 60  # seconds


def until(*words: str) -> str:
    """How long something stays, as the page says: the row that has these words."""
    (found,) = (stays for what, stays in ROWS if all(word in what for word in words))
    return str(found)


def test_the_page_has_the_times_of_the_code() -> None:
    assert until("Idempotency-Key") == f"{IDEMPOTENCY_KEPT.total_seconds() / 3600:.0f} hours"
    assert until("claims of mails") == f"{CLAIM_KEPT.days} days"
    assert until("counts of mails") == f"{MAIL_COUNT_KEPT.days} days"
    assert until("came back") == f"{CAME_BACK_KEPT.days} days"
    assert f"then {INVITATION_KEPT.days} days" in until("an invitation sent")


def test_the_page_has_the_times_of_the_template() -> None:
    template = translate(PARAMETERS)
    resources = {name: resource["Properties"] for name, resource in template["Resources"].items()}
    (rule,) = resources["DeadLetters"]["LifecycleConfiguration"]["Rules"]
    retention = resources["FeedbackDeadLetters"]["MessageRetentionPeriod"]

    assert until("DeadLetters`", "bucket") == f"{rule['ExpirationInDays']} days"
    assert until("FeedbackDeadLetters") == f"{int(retention) // DAY} days"
    assert f"{template['Parameters']['LogRetention']['Default']} days" in until("logs and the API's access log")
    # DynamoDB's own: a stream keeps a day, and point-in-time recovery 35 days where no other time is set.
    assert resources["Table"]["StreamSpecification"]["StreamViewType"] == "NEW_AND_OLD_IMAGES"
    assert resources["Table"]["PointInTimeRecoverySpecification"] == {"PointInTimeRecoveryEnabled": True}
    assert (until("stream"), until("backups")) == ("24 hours", "35 days")
