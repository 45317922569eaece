"""Bodies, on every route: null is as absent, no body is an empty one, and blanks around names and addresses are cut."""

import importlib
from collections.abc import Callable, Iterator
from typing import Any, get_args

import pytest
from pydantic import AfterValidator, BaseModel
from pydantic.fields import FieldInfo

from functions.invite.send import NewInvitation
from roster.api.addresses import address
from roster.api.app import Entry
from roster.api.words import message, name
from tests.routes import QUERIES, USES, Use, path_of
from tests.world import Reply, Team, World

# What a null takes back, where it was given before.
TAKEN_BACK = {"locale"}
TAKEN_BACK_IN_RESENDING = {"message"}
# A good value of what people type, with blanks around it that people do not see.
TYPED: dict[Callable[[str], object], str] = {name: "Acme Two", message: "Come\n along", address: "zoe@example.com"}
BLANKS = "\u3000 \t{}\u00a0\n"
# What must stand beside a field of a thing within a body.
BESIDE: dict[str, dict[str, object]] = {
    "owner": {"user_id": "zoe", "email": "zoe@example.com"},
    "target": {"type": "badge", "id": "b1"},
}

every_use = pytest.mark.parametrize("use", USES, ids=str)


class Place(tuple[str, ...]):
    """Where a field is in a body."""

    __slots__ = ()

    def put(self, body: dict[str, Any], value: object) -> dict[str, Any]:
        """A body with a value there."""
        outer, *inner = self
        if not inner:
            return body | {outer: value}
        return body | {outer: Place(inner).put({**BESIDE[outer], **body.get(outer, {})}, value)}

    def leave_out(self, body: dict[str, Any]) -> dict[str, Any]:
        """A body without it."""
        outer, *inner = self
        if not inner:
            return {field: value for field, value in body.items() if field != outer}
        return body | {outer: Place(inner).leave_out({**BESIDE[outer], **body.get(outer, {})})}


def shape_of(use: Use) -> type[BaseModel]:
    """The shape of the body that a use takes."""
    module = importlib.import_module(f"functions.{use.route.function.name.replace('/', '.')}")
    entries: list[Entry] = module.handler._entries[use.route.method, use.route.path]
    (entry,) = [one for one in entries if one.scope == use.scope]
    return entry.takes.body


def fields_of(shape: type[BaseModel], *outer: str) -> Iterator[tuple[Place, FieldInfo]]:
    """All fields of a shape, and those of the shapes within it."""
    for called, field in shape.model_fields.items():
        place = (*outer, field.alias or called)
        yield Place(place), field
        for inner in (field.annotation, *get_args(field.annotation)):
            if isinstance(inner, type) and issubclass(inner, BaseModel):
                yield from fields_of(inner, *place)


def judges_of(annotated: object) -> set[Callable[..., object]]:
    """The functions that judge what comes in, however deep in an annotation they stand."""
    metadata = getattr(annotated, "metadata", getattr(annotated, "__metadata__", ()))
    inner = (annotated.annotation,) if isinstance(annotated, FieldInfo) else get_args(annotated)
    own = {one.func for one in metadata if isinstance(one, AfterValidator)}
    return own.union(*map(judges_of, inner))


def typed(shape: type[BaseModel]) -> Iterator[tuple[Place, str]]:
    """The fields of a shape that take a name, a title, words or an address, and a good value for each."""
    for place, field in fields_of(shape):
        for judge in judges_of(field) & TYPED.keys():
            yield place, TYPED[judge]


def ask(world: World, use: Use, body: object) -> Reply:
    caller, query = use.caller(world), QUERIES.get(use.name)
    return world.call(use.route.method, path_of(use.route), caller=caller, body=body, query=query)


def outcome(reply: Reply) -> object:
    return reply.status if reply.status < 300 else (*reply.refusal, reply.body.get("errors"))


@every_use
def test_null_is_as_absent_in_every_field_that_may_be_left_out(world: World, use: Use) -> None:
    shape = shape_of(use)
    for place, field in fields_of(shape):
        taken_back = TAKEN_BACK | (TAKEN_BACK_IN_RESENDING if use.route.path.endswith("/resend") else set())
        if field.is_required() or place[-1] in taken_back:
            continue
        without, null = place.leave_out(dict(use.body)), place.put(dict(use.body), None)

        assert outcome(ask(world, use, null)) == outcome(ask(world, use, without)), place
        if "errors" not in ask(world, use, without).text:
            read, expected = shape.model_validate(null), shape.model_validate(without)
            assert (read, read.model_fields_set) == (expected, expected.model_fields_set), place


@every_use
def test_no_body_is_an_empty_object(world: World, use: Use) -> None:
    nothing = outcome(ask(world, use, {}))

    for body in (None, "", " \n", "null", "{}"):
        assert outcome(ask(world, use, body)) == nothing, body


@every_use
def test_blanks_around_what_people_type_are_cut(use: Use) -> None:
    shape = shape_of(use)
    for place, value in typed(shape):
        read, expected = (
            shape.model_validate(place.put(dict(use.body), written)) for written in (BLANKS.format(value), value)
        )
        assert read == expected, place


def test_that_is_every_field_of_the_kind() -> None:
    found = {f"{use}: {'.'.join(place)}" for use in USES for place, _ in typed(shape_of(use))}

    assert {
        "POST /organizations: name",
        "POST /organizations by roster/provision: name",
        "POST /organizations by roster/provision: owner.name",
        "POST /organizations by roster/provision: owner.email",
        "PATCH /organizations/{organization_id}: name",
        "POST /organizations/{organization_id}/invitations: email",
        "POST /organizations/{organization_id}/invitations: message",
        "PUT /organizations/{organization_id}/members/{user_id} by roster/provision: email",
        "PUT /organizations/{organization_id}/members/{user_id} by roster/provision: name",
        "POST /organizations/{organization_id}/roles: title",
        "POST /organizations/{organization_id}/roles: description",
        "PUT /organizations/{organization_id}/roles/{role_id}: title",
        "POST /organizations/{organization_id}/activity by roster/activity: target.name",
    } <= found


def test_the_rows_of_a_batch_are_read_as_the_single_call_is(team: Team) -> None:
    row: dict[str, object] = {"email": "zoe@example.com", "roles": ["viewer"]}
    rows = [place.put(row, BLANKS.format(value)) for place, value in typed(NewInvitation)]
    rows += [place.put(row, None) for place, field in fields_of(NewInvitation) if not field.is_required()]
    assert rows

    for given in rows:
        (result,) = team.founder.post(team.path("invitations", "batch"), {"invitations": [given]}).body["results"]
        assert result["status"] == 201
        shown = result["invitation"]
        assert shown["email"] == "zoe@example.com"
        assert shown["message"] == ("Come\n along" if given.get("message") else None)
        assert team.founder.delete(team.path("invitations", shown["id"])).status == 204


def test_a_query_parameter_that_comes_twice_is_named(team: Team) -> None:
    """The gateway would join the two to one, by which nothing is found."""
    assert team.founder.get(team.path("members"), query=["ada", "bob"]).fields == ["query"]
    assert team.founder.get(team.path("members"), role=["admin", "admin"], limit=1).fields == ["role"]
