"""The export: the whole log as a spreadsheet would open it, or as lines of JSON, in parts that link to the next."""

import csv
import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.activity.export import _guarded
from tests.activity.records import crowd, log, recorded
from tests.world import Reply, Team, World

COLUMNS = (
    "id,type,at,occurred_at,actor_type,actor_id,actor_name,actor_email,via,"
    "target_type,target_id,target_name,data,sentence,request_id"
)
MARK = "\ufeff"  # by which a spreadsheet knows UTF-8
LINES = "application/x-ndjson"
SIGNS = "=+-@\uff1d\uff0b\uff0d\uff20"  # a formula begins with one, in full width too
NOON = datetime(2026, 1, 31, 12, tzinfo=UTC)


def export(team: Team, accept: str = "", **query: object) -> Reply:
    """One part."""
    headers = {"Accept": accept} if accept else {}
    return team.world.call("GET", team.path("activity.csv"), caller=team.founder, query=query, headers=headers)


def rows(reply: Reply) -> list[dict[str, Any]]:
    """What a spreadsheet shows of a part."""
    assert reply.status == 200, reply.text
    assert reply.text.startswith(f"{MARK}{COLUMNS}\r\n")
    return list(csv.DictReader(reply.text.removeprefix(MARK).splitlines(keepends=True), strict=True))


def parts(team: Team, accept: str = "", **query: object) -> Iterator[Reply]:
    """All parts, each where the one before it leads."""
    while True:
        part = export(team, accept, **query)
        yield part
        if "link" not in part.headers:
            return
        address, relation = part.headers["link"].split("; ")
        assert relation == 'rel="next"'
        path, _, asked = address.removeprefix("<https://api.example.com").removesuffix(">").partition("?")
        assert path == team.path("activity.csv")
        query = dict(parse_qsl(asked, strict_parsing=True))


def test_a_row_has_what_the_log_shows(team: Team, world: World) -> None:
    bob = team.join(world.person("Bob"), "viewer")
    recorded(team, user_id=bob.id, data={"serial": 4711, "note": 'a "b", c\nd'}, occurred_at="2026-01-31T12:00:00Z")

    exported = rows(export(team))

    shown = [
        {
            **{
                name: str(event[name] or "")
                for name in ("id", "type", "at", "occurred_at", "via", "sentence", "request_id")
            },
            **{f"{who}_{part}": value or "" for who in ("actor", "target") for part, value in event[who].items()},
            "data": json.dumps(event["data"], separators=(",", ":")),
        }
        for event in log(team)
    ]
    # An id is random, and one in 64 begins with what a spreadsheet takes for a formula.
    guarded = [{name: f"'{cell}" if cell.startswith("-") else cell for name, cell in row.items()} for row in shown]
    assert exported == guarded
    assert (exported[0]["actor_name"], exported[0]["via"]) == ("Bob", "certs")


def test_it_is_a_file_of_csv(team: Team) -> None:
    reply = export(team)

    assert reply.headers["content-type"] == "text/csv; charset=utf-8; header=present"
    assert reply.headers["content-disposition"] == f'attachment; filename="activity-{team.id}.csv"'
    assert "link" not in reply.headers


@pytest.mark.parametrize(
    "name", ["=1+1", "+1", "-1", "@SUM(A1)", "=HYPERLINK(x)", "\uff1d1+1", "\uff0b1", "\uff0d1", "\uff20SUM(A1)"]
)
def test_no_cell_is_a_formula(team: Team, world: World, name: str) -> None:
    bob = team.join(world.person(name, email="bob@example.com"), "viewer")
    written = {"type": "certificate", "id": ascii(name)[1:-1], "name": name}
    recorded(team, user_id=bob.id, target=written)

    row, *_ = rows(export(team))

    assert (row["actor_name"], row["target_name"]) == (f"'{name}",) * 2
    assert row["target_id"] == (f"'{name}" if name.isascii() else written["id"])
    assert row["sentence"] == f"'{name} issued the certificate ({name})."
    line = json.loads(export(team, LINES).text.splitlines()[0])
    assert line["actor"]["name"] == name


@pytest.mark.parametrize("start", "=+-@\t\r")
def test_a_cell_that_begins_like_a_formula_gets_an_apostrophe(team: Team, start: str) -> None:
    crowd(team, [NOON], target_name=f"{start}A1", target_id=f"A1{start}")

    assert f"'{start}A1" in export(team, type="certificate").text
    assert f"'A1{start}" not in export(team, type="certificate").text


@pytest.mark.parametrize(
    ("written", "exported"),
    [
        ("A;=1+1", "A;'=1+1"),
        ("A;\uff20SUM(1);-2", "A;'\uff20SUM(1);'-2"),
        ("A\t+1", "A\t'+1"),
        ("\t=1", "'\t'=1"),
        ("=1;=1", "'=1;'=1"),
        ('A;"=1+1"', 'A;\'"=1+1"'),
        ("A; B=C-D,@E", "A; B=C-D,@E"),
        ("'=1", "'=1"),
    ],
)
def test_nor_is_what_a_spreadsheet_splits_off(team: Team, written: str, exported: str) -> None:
    crowd(team, [NOON], target_name=written, data={"note": written})

    (row,) = rows(export(team, type="certificate"))

    assert row["target_name"] == exported
    line = json.loads(export(team, LINES, type="certificate").text)
    assert (line["target"]["name"], line["data"]["note"]) == (written, written)


@given(st.text(st.sampled_from(f"{SIGNS};\t\r\n\" 'a,")))
def test_no_piece_of_any_cell_is_a_formula(cell: str) -> None:
    guarded = _guarded(cell)

    _, *pieces = re.split("[;\t]", guarded)
    assert not guarded.startswith((*SIGNS, "\t", "\r"))
    assert not any(piece.lstrip('"').startswith(tuple(SIGNS)) for piece in pieces)
    assert re.sub("'", "", guarded) == re.sub("'", "", cell)


def test_lines_of_json_are_the_events_of_the_log(team: Team) -> None:
    recorded(team, data={"note": "ä\n"})

    reply = export(team, LINES)

    assert reply.headers["content-type"] == LINES
    assert reply.headers["content-disposition"].endswith('.ndjson"')
    assert [json.loads(line) for line in reply.text.splitlines()] == log(team)
    assert reply.text.endswith("\n")
    assert MARK not in reply.text


@pytest.mark.parametrize(
    ("accept", "lines"),
    [
        ("application/x-ndjson", True),
        ("Application/X-NDJSON; q=0.5", True),
        ("application/x-ndjson, */*", True),
        ("text/csv;q=0.5, application/x-ndjson", True),
        ("application/x-ndjson;q=0.5, text/csv", False),
        ("application/x-ndjson;q=0", False),
        ("text/csv, application/x-ndjson", False),
        ("*/*", False),
        ("application/json", False),
        (",;,q=;", False),
        ("application/x-ndjson;q=nonsense", False),
    ],
)
def test_who_asks_for_lines_gets_lines_and_everybody_else_csv(team: Team, accept: str, *, lines: bool) -> None:
    assert (export(team, accept).headers["content-type"] == LINES) is lines


def test_the_filters_are_those_of_the_log(team: Team, world: World) -> None:
    bob = team.join(world.person("Bob"), "viewer")
    mine = recorded(team, user_id=bob.id)

    queries: tuple[dict[str, Any], ...] = (
        {"type": "certificate"},
        {"actor": bob.id, "type": "certificate.issued"},
        {"type": "nonsense"},
    )
    for query in queries:
        assert [row["id"] for row in rows(export(team, **query))] == [event["id"] for event in log(team, **query)]
    assert rows(export(team, until="2020-01-01T00:00:00Z")) == []
    assert mine["id"] in export(team, since=mine["at"]).text
    assert export(team, since="then", until="").fields == ["since", "until"]
    assert export(team, cursor="nonsense").refusal == (400, "malformed_request")


def test_who_may_not_read_the_log_does_not_export_it(team: Team, world: World) -> None:
    viewer = team.join(world.person("Bob"), "viewer")

    assert viewer.get(team.path("activity.csv")).refusal == (403, "forbidden")
    assert world.person("Eve").get(team.path("activity.csv")).refusal == (404, "not_found")


def test_a_part_ends_at_10_000_rows_and_links_to_the_rest(team: Team) -> None:
    ids = crowd(team, (NOON + timedelta(milliseconds=number) for number in range(10_001)), gsi1pk=None)

    first, second = parts(team, type="certificate.issued", since="2026-01-31T12:00:00Z")

    found = [rows(part) for part in (first, second)]
    assert [len(part) for part in found] == [10_000, 1]
    assert [row["id"] for part in found for row in part] == ids[::-1]
    asked = dict(parse_qsl(first.headers["link"].partition("?")[2].partition(">")[0]))
    assert asked.keys() == {"type", "since", "cursor"}


@pytest.mark.parametrize(("accept", "letter"), [("", '"'), (LINES, "\\")])
def test_a_part_ends_at_4_mb_and_as_lambda_sends_it_stays_below_6(team: Team, accept: str, letter: str) -> None:
    moments = (NOON + timedelta(milliseconds=number) for number in range(600))
    ids = crowd(team, moments, data={"x": letter * 2_000})

    found = list(parts(team, accept, type="certificate", actor="certs"))

    assert len(found) > 1
    exported: list[str] = []
    for part in found:
        assert len(json.dumps(part.text, ensure_ascii=False).encode()) <= 4_000_000
        assert len(json.dumps({"body": part.text}, ensure_ascii=False).encode()) < 6_000_000
        lines = [json.loads(line) for line in part.text.splitlines()] if accept else rows(part)
        exported += [line["id"] for line in lines]
    assert exported == ids[::-1]
