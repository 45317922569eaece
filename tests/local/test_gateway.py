"""The gateway: the events that it builds, the replies that it takes, and what it answers itself."""

import asyncio
import base64
import re
import time
from collections.abc import Callable
from typing import Any

import httpx
import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from local import Json, gateway, terminal
from local.control import SES
from local.cors import CorsGateway
from local.events import claim_text
from local.gateway import Gateway
from local.issuer import Issuer, TokenRequest
from local.server import Door
from local.template import Cors, Function, Route
from local.workers import InvocationError
from tests import described

ADDRESS = "http://127.0.0.1:8000/_local"
ORIGIN = "http://localhost:3000"
MEMBER = "/organizations/{organization_id}/members/{user_id}"
CORS = Cors(frozenset({ORIGIN}), "GET,POST", "authorization,content-type", "etag,location", 7200)


class Api:
    """A gateway before functions that note their event and answer as told."""

    def __init__(self) -> None:
        self.issuer = Issuer(ADDRESS, ["roster"])
        self.event: Json = None
        self.seconds = 0
        self.reply: Callable[[], Json] = lambda: {"statusCode": 204}
        function = Function("members/read", 1, 128, {})
        routes = [
            Route("GET", MEMBER, function, signed_in=True),
            Route("GET", "/organizations/{organization_id}/members/first", function, signed_in=True),
            Route("PUT", MEMBER, function, signed_in=True),
            Route("POST", "/invitations/preview", function, signed_in=False),
        ]
        app = CorsGateway(Gateway(routes, self.issuer, self._invoke), CORS)
        self._transport = httpx.ASGITransport(app)

    async def _invoke(self, _: Function, event: Json) -> Json:
        self.event = event
        await asyncio.sleep(self.seconds)
        return self.reply()

    def request(self, method: str, path: str, **rest: Any) -> httpx.Response:
        async def asked() -> httpx.Response:
            async with httpx.AsyncClient(transport=self._transport, base_url="http://127.0.0.1:8000") as client:
                return await client.request(method, path, **rest)

        answer = asyncio.run(asked())
        if answer.text.startswith('{"message":'):
            described.check_gateway(answer.status_code, answer.headers, answer.text)
        return answer

    def bearer(self, **claims: Json) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.issuer.token(TokenRequest(**claims))['access_token']}"}

    def answers(self, reply: Json) -> None:
        self.reply = lambda: reply


@pytest.fixture(scope="module")
def one_api() -> Api:
    return Api()


@pytest.fixture
def api(one_api: Api, monkeypatch: pytest.MonkeyPatch) -> Api:
    one_api.event = None
    one_api.answers({"statusCode": 204})
    monkeypatch.setattr(terminal, "say", lambda *_, **__: None)
    return one_api


def test_an_event_is_built_as_api_gateway_builds_it(api: Api) -> None:
    api.request(
        "PUT",
        "/organizations/o1/members/a%40b?x=1&y=a%20b&x=2&z=",
        content=b'{"roles": ["viewer"]}',
        headers=[*api.bearer(sub="ada").items(), ("Content-Type", "application/json"), ("Cookie", "a=1; b=2")],
    )

    context = api.event["requestContext"]
    assert api.event["version"] == "2.0"
    assert api.event["routeKey"] == context["routeKey"] == f"PUT {MEMBER}"
    assert api.event["rawPath"] == context["http"]["path"] == "/organizations/o1/members/a@b"
    assert api.event["rawQueryString"] == "x=1&y=a%20b&x=2&z="
    assert api.event["queryStringParameters"] == {"x": "1,2", "y": "a b", "z": ""}
    assert api.event["pathParameters"] == {"organization_id": "o1", "user_id": "a@b"}
    assert api.event["cookies"] == ["a=1", "b=2"]
    assert api.event["body"] == '{"roles": ["viewer"]}'
    assert api.event["isBase64Encoded"] is False
    assert context["http"]["method"] == "PUT"
    assert context["http"]["protocol"] == "HTTP/1.1"
    assert context["stage"] == "$default"
    assert re.fullmatch(r"\d\d/[A-Z][a-z]{2}/\d{4}:\d\d:\d\d:\d\d \+0000", context["time"])
    assert isinstance(context["timeEpoch"], int)
    assert context["requestId"]


def test_header_names_are_in_lower_case_and_repeated_ones_are_joined(api: Api) -> None:
    api.request("POST", "/invitations/preview", headers=[("If-Match", "a"), ("IF-MATCH", "b"), ("Cookie", "a=1")])

    assert api.event["headers"]["if-match"] == "a,b"
    assert "cookie" not in api.event["headers"]
    assert api.event["headers"]["x-forwarded-proto"] == "http"


def test_what_is_not_there_is_absent(api: Api) -> None:
    api.request("POST", "/invitations/preview")

    absent = {"body", "cookies", "queryStringParameters", "pathParameters"}
    assert absent.isdisjoint(api.event)
    assert "authorizer" not in api.event["requestContext"]


@pytest.mark.parametrize(
    ("body", "content_type"),
    [(b'{"token": "t"}', "application/octet-stream"), (b'{"token": "\xff"}', "application/json")],
)
def test_a_body_that_is_no_text_comes_in_base64(api: Api, body: bytes, content_type: str) -> None:
    api.request("POST", "/invitations/preview", content=body, headers={"Content-Type": content_type})

    assert api.event["isBase64Encoded"] is True
    assert base64.b64decode(api.event["body"]) == body


def test_claims_are_strings(api: Api) -> None:
    said = {"sub": "ada", "email": "ada@example.com", "auth_time": 1_700_000_000, "locale": "de_AT"}
    api.request("GET", "/organizations/o1/members/ada", headers=api.bearer(**said))

    authorizer = api.event["requestContext"]["authorizer"]["jwt"]
    assert authorizer["scopes"] is None
    assert authorizer["claims"].items() >= {
        ("sub", "ada"),
        ("email", "ada@example.com"),
        ("email_verified", "true"),
        ("auth_time", "1700000000"),
        ("locale", "de_AT"),
        ("aud", "roster"),
    }
    assert all(isinstance(claim, str) for claim in authorizer["claims"].values())


@pytest.mark.parametrize(
    ("claim", "text"),
    [(True, "true"), (False, "false"), (1.0, "1"), (["a", True, 2], "[a true 2]"), ({"a": 1}, "map[a:1]")],
)
def test_a_claim_is_written_as_the_authorizer_writes_it(claim: Json, text: str) -> None:
    assert claim_text(claim) == text


def test_an_encoded_slash_stays_in_its_segment(api: Api) -> None:
    api.request("GET", "/organizations/o%2F1/members/ada", headers=api.bearer(sub="ada"))

    assert api.event["pathParameters"]["organization_id"] == "o/1"
    assert api.event["rawPath"] == "/organizations/o/1/members/ada"


def test_a_literal_segment_is_preferred_to_a_parameter(api: Api) -> None:
    api.request("GET", "/organizations/o1/members/first", headers=api.bearer(sub="ada"))

    assert api.event["routeKey"] == "GET /organizations/{organization_id}/members/first"


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/nothing"),
        ("DELETE", "/organizations/o1/members/ada"),
        ("GET", "/organizations//members/ada"),
        ("GET", "/organizations/o1/members/ada/"),
        ("GET", "/invitations/preview"),
        ("HEAD", "/organizations/o1/members/ada"),
    ],
)
def test_an_unknown_route_is_not_found_with_or_without_a_token(api: Api, method: str, path: str) -> None:
    for headers in ({}, api.bearer(sub="ada")):
        answer = api.request(method, path, headers=headers)

        assert answer.status_code == 404
        assert method == "HEAD" or answer.json() == {"message": "Not Found"}
        assert api.event is None


def _signed(key: Any, algorithm: str = "RS256", kid: str = "k", **claims: Json) -> str:
    good = {"sub": "ada", "iss": ADDRESS, "aud": "roster", "exp": int(time.time()) + 60}
    said = {claim: value for claim, value in (good | claims).items() if value is not None}
    return jwt.encode(said, key, algorithm=algorithm, headers={"kid": kid})


def _bad_tokens(issuer: Issuer) -> dict[str, str]:
    good = issuer.token(TokenRequest(sub="ada"))["access_token"]
    head, payload, signature = good.split(".")
    stranger = rsa.generate_private_key(public_exponent=65537, key_size=2048)

    def signed(**claims: Json) -> str:
        return _signed(issuer._key, kid=issuer._key_id, **claims)

    return {
        "none": "",
        "no scheme's": "Basic YTpi",
        "not a token": "Bearer x",
        "two": f"Bearer {good},Bearer {good}",
        "cut": f"Bearer {good[:-8]}",
        "another payload": f"Bearer {head}.{payload[:-6]}AAAAAA.{signature}",
        "no signature": f"Bearer {_signed(None, 'none')}",
        "a secret's": f"Bearer {_signed('roster' * 8, 'HS256')}",
        "a stranger's": f"Bearer {_signed(stranger, kid=issuer._key_id)}",
        "another key's": f"Bearer {_signed(issuer._key, kid='other')}",
        "expired": f"Bearer {signed(exp=int(time.time()))}",
        "not yet": f"Bearer {signed(nbf=int(time.time()) + 60)}",
        "endless": f"Bearer {signed(exp=None)}",
        "another issuer's": f"Bearer {signed(iss='https://example.com')}",
        "another audience's": f"Bearer {signed(aud='other')}",
        "another audiences'": f"Bearer {signed(aud=['other', 'more'])}",
    }


def test_a_bad_token_is_unauthorized(api: Api) -> None:
    for kind, token in _bad_tokens(api.issuer).items():
        answer = api.request("GET", "/organizations/o1/members/ada", headers={"Authorization": token})

        assert (kind, answer.status_code) == (kind, 401)
        assert answer.json() == {"message": "Unauthorized"}
        assert api.event is None


def test_a_token_that_expires_is_forgotten(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    token = api.issuer.token(TokenRequest(sub="ada", expires_in=60))["access_token"]
    assert api.issuer.claims(token)

    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + 61)
    assert api.issuer.claims(token) is None


@pytest.mark.parametrize("scheme", ["Bearer ", "bearer ", "BEARER  ", ""])
def test_the_scheme_has_no_case_and_may_be_left_out(api: Api, scheme: str) -> None:
    token = api.bearer(sub="ada")["Authorization"].removeprefix("Bearer ")
    answer = api.request("GET", "/organizations/o1/members/ada", headers={"Authorization": scheme + token})

    assert answer.status_code == 204


def test_without_an_audience_the_client_is_looked_at(api: Api) -> None:
    for named, good in (
        ({"aud": ["other", "roster"], "client_id": "other"}, True),
        ({"aud": "other", "client_id": "roster"}, False),
        ({"aud": None, "client_id": "roster"}, True),
        ({"aud": None, "client_id": "other"}, False),
        ({"aud": None}, False),
    ):
        token = _signed(api.issuer._key, kid=api.issuer._key_id, **named)
        assert (api.issuer.claims(token) is not None) is good


def test_a_token_without_address_or_client_is_a_machines(api: Api) -> None:
    for given, expected in (
        ({"sub": "job"}, ("job", "job")),
        ({"client_id": "job"}, ("job", "job")),
        ({"sub": "ada", "email": "ada@example.com"}, ("ada", None)),
        ({"sub": "ada", "client_id": "app"}, ("ada", "app")),
    ):
        claims = api.issuer.claims(api.issuer.token(TokenRequest.model_validate(given))["access_token"])
        assert claims
        assert (claims["sub"], claims.get("client_id")) == expected


def test_the_key_set_verifies_the_tokens(api: Api) -> None:
    (key,) = api.issuer.key_set()["keys"]
    token = api.issuer.token(TokenRequest(sub="ada"))["access_token"]

    assert jwt.get_unverified_header(token)["kid"] == key["kid"]
    assert jwt.decode(token, jwt.PyJWK(key), audience="roster", issuer=ADDRESS)["sub"] == "ada"
    assert "d" not in key
    assert api.issuer.configuration()["jwks_uri"] == f"{ADDRESS}/jwks.json"


def test_an_open_route_asks_for_no_token(api: Api) -> None:
    assert api.request("POST", "/invitations/preview", headers={"Authorization": "Bearer x"}).status_code == 204


def test_a_body_over_ten_megabytes_is_too_large(api: Api) -> None:
    answer = api.request("POST", "/invitations/preview", content=b" " * (10 * 1024 * 1024 + 1))

    assert (answer.status_code, answer.json()) == (413, {"message": "Request Entity Too Large"})
    assert api.event is None


def test_too_many_headers_are_refused(api: Api) -> None:
    answer = api.request("POST", "/invitations/preview", headers={"X": "x" * 10_241})

    assert answer.status_code == 431
    assert api.event is None


def test_a_reply_is_answered_as_it_is(api: Api) -> None:
    api.answers(
        {
            "statusCode": 201,
            "headers": {"Content-Type": "application/problem+json", "ETag": '"1"', "Content-Length": "9"},
            "cookies": ["a=1", "b=2"],
            "body": "é",
        }
    )
    answer = api.request("POST", "/invitations/preview")

    assert answer.status_code == 201
    assert answer.content == "é".encode()
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["etag"] == '"1"'
    assert answer.headers.get_list("content-length") == ["2"]
    assert answer.headers.get_list("set-cookie") == ["a=1", "b=2"]


def test_a_reply_in_base64_is_decoded_and_json_unless_it_says_otherwise(api: Api) -> None:
    api.answers({"statusCode": 200, "body": base64.b64encode(b"\xff").decode(), "isBase64Encoded": True})
    answer = api.request("POST", "/invitations/preview")

    assert answer.content == b"\xff"
    assert answer.headers["content-type"] == "application/json"


def test_no_content_has_no_body(api: Api) -> None:
    api.answers({"statusCode": 204, "body": "null"})
    answer = api.request("POST", "/invitations/preview")

    assert (answer.status_code, answer.content) == (204, b"")


@pytest.mark.parametrize(
    "reply",
    [
        None,
        [],
        "text",
        {},
        {"statusCode": "ok"},
        {"statusCode": 200, "body": {}},
        {"statusCode": 200, "headers": {"x": "a\r\nb"}},
        {"statusCode": 200, "headers": {"x": None}},
        {"statusCode": 200, "body": "no base64", "isBase64Encoded": True},
    ],
)
def test_a_malformed_reply_is_an_internal_server_error(api: Api, reply: Json) -> None:
    api.answers(reply)
    answer = api.request("POST", "/invitations/preview")

    assert (answer.status_code, answer.json()) == (500, {"message": "Internal Server Error"})


def test_what_a_function_raises_is_told_to_the_terminal_alone(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    def raises() -> Json:
        raise InvocationError("Traceback: secret")

    said: list[str] = []
    monkeypatch.setattr(terminal, "say", lambda line, **_: said.append(line))
    api.reply = raises
    answer = api.request("POST", "/invitations/preview")

    assert (answer.status_code, answer.json()) == (500, {"message": "Internal Server Error"})
    assert said == ["POST /invitations/preview: Traceback: secret"]


def test_a_function_that_takes_too_long_is_unavailable(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gateway, "PATIENCE", 0)
    monkeypatch.setattr(api, "seconds", 60)
    answer = api.request("POST", "/invitations/preview")

    assert (answer.status_code, answer.json()) == (503, {"message": "Service Unavailable"})


def test_a_preflight_is_answered_without_a_token(api: Api) -> None:
    asked = {"Origin": ORIGIN, "Access-Control-Request-Method": "GET"}
    answer = api.request("OPTIONS", "/organizations/o1/members/ada", headers=asked)

    assert answer.status_code == 204
    assert answer.headers["access-control-allow-origin"] == ORIGIN
    assert answer.headers["access-control-allow-methods"] == "GET,POST"
    assert answer.headers["access-control-allow-headers"] == "authorization,content-type"
    assert answer.headers["access-control-max-age"] == "7200"
    assert api.event is None


def test_another_origin_is_allowed_nothing(api: Api) -> None:
    for method in ("OPTIONS", "POST"):
        answer = api.request(method, "/invitations/preview", headers={"Origin": "http://evil.example"})

        assert not [name for name in answer.headers if name.startswith("access-control-")]


def test_every_answer_to_an_allowed_origin_is_readable(api: Api) -> None:
    for path, status in (("/organizations/o1/members/ada", 401), ("/nothing", 404)):
        answer = api.request("GET", path, headers={"Origin": ORIGIN})

        assert answer.status_code == status
        assert answer.headers["access-control-allow-origin"] == ORIGIN
        assert answer.headers["access-control-expose-headers"] == "etag,location"


def test_every_answer_has_the_id_of_its_request(api: Api) -> None:
    assert api.request("GET", "/nothing").headers["apigw-requestid"]

    answer = api.request("POST", "/invitations/preview")

    assert api.event is not None
    assert answer.headers["apigw-requestid"] == api.event["requestContext"]["requestId"]


def test_the_gateways_cors_headers_override_the_functions(api: Api) -> None:
    api.answers({"statusCode": 200, "headers": {"Access-Control-Allow-Origin": "*"}})

    answer = api.request("POST", "/invitations/preview", headers={"Origin": ORIGIN})
    assert answer.headers.get_list("access-control-allow-origin") == [ORIGIN]
    assert "access-control-allow-origin" not in api.request("POST", "/invitations/preview").headers


def test_until_the_door_is_open_callers_wait_and_the_functions_mail_does_not() -> None:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await Response(scope["path"])(scope, receive, send)

    async def scenario() -> list[str]:
        door = Door(app)
        async with httpx.AsyncClient(transport=httpx.ASGITransport(door), base_url=ADDRESS) as client:
            early = asyncio.create_task(client.get("http://127.0.0.1:8000/me"))
            mailed = await client.post(f"http://127.0.0.1:8000{SES}/v2/email/outbound-emails")
            assert not early.done()
            door.open()
            return [mailed.text, (await early).text]

    assert asyncio.run(scenario()) == [f"{SES}/v2/email/outbound-emails", "/me"]
