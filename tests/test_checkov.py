"""What checkov minds of the template: a reason in the template's metadata answers it, and no reason is left over."""

import pytest

from tools.checkov import ALL, Finding, by_template, complaints, reasons_in

TABLE = Finding("Table", "CKV_1", "template.yaml:7", "Ensure something")
KEY = Finding("Key", "CKV_1", "template.yaml:9", "Ensure something")


@pytest.mark.parametrize("holder", [ALL, "Table"], ids=["of all resources", "of the resource"])
def test_a_reason_answers_what_is_minded(holder: str) -> None:
    assert list(complaints([TABLE], {(holder, "CKV_1"): "because"})) == []


def test_a_reason_of_one_resource_answers_for_no_other() -> None:
    said = list(complaints([TABLE, KEY], {("Table", "CKV_1"): "because"}))

    assert said == ["template.yaml:9: Key: CKV_1 Ensure something"]


@pytest.mark.parametrize(
    ("reasons", "said"),
    [
        ({("Table", "CKV_1"): ""}, "Table: CKV_1 is passed over without a reason (comment:)"),
        ({(ALL, "CKV_1"): "a", ("Table", "CKV_2"): "b"}, "Table: checkov does not mind CKV_2, which has a reason"),
        ({(ALL, "CKV_1"): "a", (ALL, "CKV_2"): "b"}, "*: checkov does not mind CKV_2, which has a reason"),
    ],
    ids=["no words", "nothing of a resource", "nothing of any"],
)
def test_a_reason_that_says_nothing_or_is_for_nothing_is_refused(
    reasons: dict[tuple[str, str], str], said: str
) -> None:
    assert list(complaints([TABLE], reasons)) == [said]


def test_what_is_minded_of_one_template_is_not_minded_of_another() -> None:
    failed = [
        {
            "file_path": f"/../../tmp/{name}",
            "resource": "AWS::DynamoDB::Table.Table",
            "check_id": "CKV_1",
            "check_name": "Ensure something",
            "file_line_range": [line, line + 3],
        }
        for name, line in (("template.yaml", 7), ("domain.yaml", 2))
    ]

    assert by_template(["template.yaml", "domain.yaml", "cognito.yaml"], failed) == {
        "template.yaml": [TABLE],
        "domain.yaml": [TABLE._replace(where="domain.yaml:2")],
        "cognito.yaml": [],
    }


def test_reasons_are_read_from_the_template_and_from_its_resources() -> None:
    written = {
        "Metadata": {"checkov": {"skip": [{"id": "CKV_1", "comment": "because"}]}},
        "Resources": {
            "Table": {"Metadata": {"checkov": {"skip": [{"id": "CKV_2", "comment": "of its own"}, {"id": "CKV_3"}]}}},
            "Key": {"Metadata": {"BuildMethod": "makefile"}},
            "Queue": {},
        },
    }

    assert reasons_in(written) == {
        (ALL, "CKV_1"): "because",
        ("Table", "CKV_2"): "of its own",
        ("Table", "CKV_3"): "",
    }
