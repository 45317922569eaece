"""template.yaml as data: the one place where routes, authorizer, CORS, table, key and stream are said."""

import json
import logging
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from samtranslator.parser.parser import Parser
from samtranslator.translator.translator import Translator
from samtranslator.yaml_helper import yaml_parse

from local import Json

TEMPLATE = Path(__file__).parent.parent / "template.yaml"
REGION = "us-east-1"
ACCOUNT = "000000000000"
for part in ("metrics", "feature_toggle"):  # it times itself, and minds that nobody asks
    logging.getLogger(f"samtranslator.{part}").setLevel(logging.ERROR)
_PSEUDO = {
    "AWS::Region": REGION,
    "AWS::AccountId": ACCOUNT,
    "AWS::Partition": "aws",
    "AWS::StackName": "roster",
}


class _Session:
    """As much of a boto session as the translator asks for: it signs in nowhere."""

    region_name = REGION


def translate(parameters: Mapping[str, str]) -> dict[str, Any]:
    """Translate template.yaml to plain CloudFormation, as deploying it does. Its intrinsic functions stay in."""
    template = yaml_parse(TEMPLATE.read_text(encoding="utf-8"))
    resources = [resource.get("Properties", {}) for resource in template["Resources"].values()]
    for properties in (template["Globals"]["Function"], *resources):
        for folder in {"CodeUri", "ContentUri"} & properties.keys():
            properties[folder] = "s3://built/artifact"  # the translator comes after the upload, and takes no folders
    translated: dict[str, Any] = Translator({}, Parser(), boto_session=_Session()).translate(template, dict(parameters))
    return translated


@dataclass(frozen=True, slots=True)
class Function:
    """A Lambda function: `members/remove` is functions/members/remove.py."""

    name: str
    timeout: float  # seconds
    memory: int  # MB
    environment: Mapping[str, str]  # texts, as a process has them


@dataclass(frozen=True, slots=True)
class Route:
    """A method and path of the API, and what answers there; `signed_in` where the authorizer stands before it."""

    method: str
    path: str
    function: Function
    signed_in: bool


@dataclass(frozen=True, slots=True)
class Cors:
    """Which pages may call the API, and how."""

    origins: frozenset[str]
    methods: str
    headers: str
    exposed: str
    max_age: int


@dataclass(frozen=True, slots=True)
class StreamSource:
    """What feeds the table's stream to a function."""

    function: Function
    patterns: list[dict[str, Json]]
    batch_size: int
    retries: int


@dataclass(frozen=True, slots=True)
class Schedule:
    """What runs a function every so often."""

    function: Function
    every: timedelta


class Stack:
    """The translated template, with local values where CloudFormation would put those of real resources."""

    def __init__(self, parameters: Mapping[str, str], resources: Mapping[str, str]) -> None:
        """Take the template's parameters, and what its resources (`Table`, `LinkKey.Arn`) are here."""
        template = translate(parameters)
        self._resources: dict[str, dict[str, Any]] = template["Resources"]
        self._conditions: dict[str, Json] = template["Conditions"]
        self._values: dict[str, Json] = {**_PSEUDO, **resources}
        for name, declared in template["Parameters"].items():
            value = parameters.get(name, declared.get("Default"))
            self._values[name] = _list(value) if declared["Type"] == "CommaDelimitedList" else value

        by_id = {name: self._function(name) for name in self._of_type("AWS::Lambda::Function")}
        self.functions = {function.name: function for function in by_id.values()}
        body = self._only("AWS::ApiGatewayV2::Api")["Body"]
        self.routes = list(_routes(body, by_id))
        api = self._resolve(body)
        self.cors = _cors(api["x-amazon-apigateway-cors"])
        (scheme,) = api["components"]["securitySchemes"].values()
        authorizer = scheme["x-amazon-apigateway-authorizer"]["jwtConfiguration"]
        self.issuer: str = authorizer["issuer"]
        self.audience = _list(authorizer["audience"])
        self.table: dict[str, Any] = self._resolve(self._only("AWS::DynamoDB::Table"))
        self.link_key: dict[str, Any] = self._resolve(self._only("AWS::KMS::Key"))
        self.streams = [self._source(by_id, name) for name in self._of_type("AWS::Lambda::EventSourceMapping")]
        self.schedules = [self._schedule(by_id, name) for name in self._of_type("AWS::Scheduler::Schedule")]

    def _of_type(self, kind: str) -> list[str]:
        return [name for name, resource in self._resources.items() if resource["Type"] == kind]

    def _only(self, kind: str) -> dict[str, Any]:
        (name,) = self._of_type(kind)
        properties: dict[str, Any] = self._resources[name]["Properties"]
        return properties

    def _function(self, logical_id: str) -> Function:
        properties = self._resources[logical_id]["Properties"]
        folder, file, _ = properties["Handler"].split(".")
        variables = self._resolve(properties["Environment"]["Variables"])
        environment = {name: str(value) for name, value in variables.items()}
        return Function(f"{folder}/{file}", properties["Timeout"], properties["MemorySize"], environment)

    def _source(self, functions: Mapping[str, Function], logical_id: str) -> StreamSource:
        properties = self._resources[logical_id]["Properties"]
        return StreamSource(
            function=functions[_aliased(properties["FunctionName"]["Ref"])],
            patterns=[json.loads(entry["Pattern"]) for entry in properties["FilterCriteria"]["Filters"]],
            batch_size=properties["BatchSize"],
            retries=properties["MaximumRetryAttempts"],
        )

    def _schedule(self, functions: Mapping[str, Function], logical_id: str) -> Schedule:
        properties = self._resources[logical_id]["Properties"]
        rate = re.fullmatch(r"rate\((\d+) (minute|hour|day)s?\)", properties["ScheduleExpression"])
        if rate is None:
            raise ValueError(f"template.yaml has a schedule that the local server does not know: {properties}")
        function = functions[_aliased(properties["Target"]["Arn"]["Ref"])]
        return Schedule(function, timedelta(**{f"{rate[2]}s": int(rate[1])}))

    def _resolve(self, value: Json) -> Json:
        """Put in what intrinsic functions stand for."""
        match value:
            case {"Ref": given}:
                return self._called("Ref", given)
            case dict() if any(key.startswith("Fn::") for key in value):
                ((name, given),) = value.items()
                return self._called(name, given)
            case dict():
                return {key: self._resolve(item) for key, item in value.items()}
            case list():
                return [self._resolve(item) for item in value]
        return value

    def _called(self, function: str, given: Json) -> Json:
        """Call an intrinsic function. A resource that does not exist here stands for its own name."""
        match function, given:
            case ("Ref", str(name)) | ("Fn::GetAtt", [*name]):
                name = name if isinstance(name, str) else ".".join(name)
                return self._values.get(name, name)
            case "Fn::Sub", [str(text), dict(own)]:
                return self._substituted(text, self._values | self._resolve(own))
            case "Fn::Sub", str(text):
                return self._substituted(text, self._values)
            case "Fn::If", [str(name), yes, no]:
                return self._resolve(yes if self._holds({"Condition": name}) else no)
            case "Fn::Select", [place, several]:
                return self._resolve(several)[int(place)]
            case "Fn::Split", [separator, text]:
                return self._resolve(text).split(separator)
        raise ValueError(f"template.yaml uses what the local server does not know: {function} {given}")

    @staticmethod
    def _substituted(text: str, values: Mapping[str, Json]) -> str:
        return re.sub(r"\$\{([^}]+)\}", lambda found: str(values.get(found[1], found[1])), text)

    def _holds(self, condition: Json) -> bool:
        """Tell whether one of the template's conditions holds, with these parameters."""
        match condition:
            case {"Condition": str(name)}:
                return self._holds(self._conditions[name])
            case {"Fn::Equals": [one, other]}:
                return bool(self._resolve(one) == self._resolve(other))
            case {"Fn::Not": [inner]}:
                return not self._holds(inner)
            case {"Fn::And": [*several]}:
                return all(map(self._holds, several))
        raise ValueError(f"template.yaml has a condition that the local server does not know: {condition}")


def _routes(api: dict[str, Any], functions: Mapping[str, Function]) -> Iterator[Route]:
    for path, operations in api["paths"].items():
        for method, operation in operations.items():
            uri = operation["x-amazon-apigateway-integration"]["uri"]
            (alias,) = re.findall(r"functions/\$\{(\w+)\}/", uri["Fn::Sub"])
            yield Route(method.upper(), path, functions[_aliased(alias)], operation["security"] != [{"NONE": []}])


def _aliased(alias: str) -> str:
    """Return the function that an alias, as the translator names it, leads to."""
    return alias.removesuffix("Aliaslive")


def _list(value: str | list[str]) -> list[str]:
    return value if isinstance(value, list) else [part.strip() for part in value.split(",")]


def _cors(configuration: dict[str, Any]) -> Cors:
    return Cors(
        origins=frozenset(_list(configuration["allowOrigins"])),
        methods=",".join(configuration["allowMethods"]),
        headers=",".join(configuration["allowHeaders"]),
        exposed=",".join(configuration["exposeHeaders"]),
        max_age=configuration["maxAge"],
    )
