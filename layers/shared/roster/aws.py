"""The clients of AWS: all of one session of botocore, set up for what is asked of them here, again and again."""

import os
from functools import cache
from typing import Any

from botocore import __version__
from botocore.config import Config
from botocore.exceptions import UnknownServiceError
from botocore.hooks import HierarchicalEmitter
from botocore.loaders import Loader
from botocore.session import Session

from roster.transport import Transport

_CONFIG = Config(
    # Else it is put together anew twice for each call, of some thirty parts.
    user_agent=f"Roster Botocore/{__version__}",
    # No account has an endpoint of its own here.
    account_id_endpoint_mode="disabled",
)
_RULES = "endpoint-rule-set-1"  # by which each call's endpoint would be worked out anew
_JSON = {"type": "structure", "members": {}, "document": True}  # as botocore's descriptions say it
_VARIANTS = {"AWS_USE_FIPS_ENDPOINT", "AWS_USE_DUALSTACK_ENDPOINT"}  # which the whole of it knows


@cache
def session() -> Session:
    """Return the session, made for the first client."""
    events = _Events()
    made = Session(event_hooks=events)
    events.transport = Transport(made.get_config_variable("ca_bundle") or os.environ.get("REQUESTS_CA_BUNDLE"))
    made.set_default_client_config(_CONFIG)
    made.register_component("data_loader", _Data())
    return made


def client(service: str, config: Config) -> Any:  # noqa: ANN401 (botocore makes each service's class at run time)
    """Make a client as boto3 does, without its transfers to S3 and resources, which would cost each cold start."""
    return session().create_client(service, config=config)


class _Events(HierarchicalEmitter):
    """Sends by itself what nobody has answered before it is sent: a mock, a recorder or a fault comes first."""

    transport: Transport  # which clients take over, as they do the handlers

    def emit(self, event_name: str, **kwargs: Any) -> list[tuple[Any, Any]]:  # noqa: ANN401 (as each event has them)
        answers: list[tuple[Any, Any]] = super().emit(event_name, **kwargs)
        if event_name.startswith("before-send.") and all(answer is None for _, answer in answers):
            return [*answers, (self.transport.send, self.transport.send(kwargs["request"]))]
        return answers


def _is_of_values(name: str, shape: dict[str, Any]) -> bool:
    """Tell whether this shape of DynamoDB's is handed on as it comes: who reads and writes it knows its form.

    So are attribute values, of which no item has binary ones, and the operations of a transaction, made of them.
    """
    return name == "TransactWriteItemList" or shape.get("value") == {"shape": "AttributeValue"}


class _Data(Loader):
    """Reads botocore's descriptions of services, without what is not needed here and costs each start or each call."""

    def load_service_model(self, service_name: str, type_name: str, api_version: str | None = None) -> Any:  # noqa: ANN401
        if type_name == _RULES and not _VARIANTS & os.environ.keys():
            raise UnknownServiceError(service_name=service_name, known_service_names=[])  # then no call is asked for it
        model = super().load_service_model(service_name, type_name, api_version)
        if service_name == "dynamodb" and type_name == "service-2":
            model["shapes"] |= {name: _JSON for name, shape in model["shapes"].items() if _is_of_values(name, shape)}
        return model

    def load_data_with_path(self, name: str) -> Any:  # noqa: ANN401
        if name == "endpoints" and not _VARIANTS & os.environ.keys():
            return self._endpoints(), ""
        return super().load_data_with_path(name)

    def _endpoints(self) -> dict[str, Any]:
        """Return where services are by rule, in each of AWS's partitions. The whole file has every region and service.

        None of Roster's services is anywhere else, but in the variants.
        """
        rule = {"hostname": "{service}.{region}.{dnsSuffix}", "protocols": ["https"], "signatureVersions": ["v4"]}
        return {
            "version": 3,
            "partitions": [
                {
                    "partition": partition["id"],
                    "dnsSuffix": partition["outputs"]["dnsSuffix"],
                    "regionRegex": partition["regionRegex"],
                    "defaults": rule,
                    "regions": {},
                    "services": {},
                }
                for partition in self.load_data("partitions")["partitions"]
            ],
        }
