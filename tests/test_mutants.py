"""Mutants that tests are to find (`make mutants`): what is changed, what it is called, and those that do nothing."""

from pathlib import Path

import pytest

from tools.mutants.__main__ import MODULES, equivalent
from tools.mutants.making import Module


def mutants(tmp_path: Path, text: str) -> list[str]:
    file = tmp_path / "rule.py"
    file.write_text(text, encoding="utf-8")
    return [mutant.name.partition(": ")[2] for mutant in Module(file).mutants]


@pytest.mark.parametrize(
    ("text", "changed"),
    [
        ("a < b", ["a < b → a <= b", "a < b → a > b"]),
        ("a in b", ["a in b → a not in b"]),
        ("a and b", ["a and b → a or b", "a and b → b", "a and b → a"]),
        ("not a", ["not a → a"]),
        ("a & b", ["a & b → a | b"]),
        ("a if b else c", ["a if b else c → a", "a if b else c → c"]),
        ("any(a)", ["any(a) → all(a)"]),
        ("{a, b}", ["{a, b} → {b}", "{a, b} → {a}"]),
        ("[a for a in b if c]", ["[a for a in b if c] → [a for a in b]"]),
        ("f(7)", ["f(7) → f(8)", "f(7) → f(6)"]),
        ("f(True)", ["f(True) → f(False)"]),
    ],
)
def test_an_expression_is_changed_in_each_way_that_somebody_could_get_it_wrong(
    tmp_path: Path, text: str, changed: list[str]
) -> None:
    assert mutants(tmp_path, f"x = {text}\n") == [
        f"x = {old} → x = {new}" for old, new in (one.split(" → ") for one in changed)
    ]


def test_a_condition_is_replaced_by_both_of_its_answers_and_what_ends_early_is_left_out(tmp_path: Path) -> None:
    text = "def f(a):\n    if a:\n        raise Refused\n    g()\n    return 'done'\n"

    assert mutants(tmp_path, text) == ["a → True", "a → False", "raise Refused → pass", "g() → pass"]


def test_a_case_is_left_out_and_what_is_only_for_the_type_checker_stays(tmp_path: Path) -> None:
    text = "def f(a: int | None = 0) -> int | None:\n    match a:\n        case 'b':\n            return a\n"

    assert mutants(tmp_path, text) == [
        "a: int | None=0 → a: int | None=1",
        "a: int | None=0 → a: int | None=-1",
        "case 'b' → case 'b' if False",
        "return a → pass",
    ]


def test_a_mutant_is_the_module_with_that_change_alone(tmp_path: Path) -> None:
    file = tmp_path / "rule.py"
    file.write_text("def f(a, b):\n    return a < b, a > b\n", encoding="utf-8")
    module = Module(file)

    def answer(number: int) -> object:
        names: dict[str, object] = {}
        exec(module.code(module.mutants[number]), names)  # noqa: S102 - that is what it is for
        function = names["f"]
        assert callable(function)
        return function(1, 1)

    assert [answer(number) for number in range(4)] == [(True, False), (False, False), (False, True), (False, False)]


def test_what_is_listed_as_equivalent_is_a_mutant_and_has_a_reason() -> None:
    names = {mutant.name for path in MODULES for mutant in Module(path).mutants}

    assert equivalent().keys() <= names
    assert all(equivalent().values())
