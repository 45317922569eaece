"""The clients of AWS: all of one session of botocore, set up for what is asked of them here, again and again."""

import os
from functools import cache
from typing import Any

from botocore import __version__
from botocore.config import Config
from botocore.loaders import Loader
from botocore.model import MapShape
from botocore.parsers import JSONParser, ResponseParserFactory
from botocore.session import Session, get_session

_CONFIG = Config(
    # Else it is put together anew twice for each call, of some thirty parts.
    user_agent=f"Roster Botocore/{__version__}",
    # No account has an endpoint of its own here, and each call would be searched for the tables that it names.
    account_id_endpoint_mode="disabled",
)
_VARIANTS = {"AWS_USE_FIPS_ENDPOINT", "AWS_USE_DUALSTACK_ENDPOINT"}  # which the whole of it knows


@cache
def session() -> Session:
    """Return the session, made for the first client."""
    made = get_session()
    made.set_default_client_config(_CONFIG)
    made.register_component("response_parser_factory", _Parsers())
    made.register_component("data_loader", _Data())
    return made


def client(service: str, config: Config) -> Any:  # noqa: ANN401 (botocore makes each service's class at run time)
    """Make a client as boto3 does, without its transfers to S3 and resources, which would cost each cold start."""
    return session().create_client(service, config=config)


class _Parser(JSONParser):
    """Hands DynamoDB's attribute values on as they came: what reads them knows their form. No item has binary ones."""

    def _handle_map(self, shape: MapShape, value: Any) -> Any:  # noqa: ANN401 (JSON)
        if shape.value.name == "AttributeValue":
            return value
        return super()._handle_map(shape, value)  # type: ignore[misc]


class _Parsers(ResponseParserFactory):
    def create_parser(self, protocol_name: str) -> Any:  # noqa: ANN401
        if protocol_name == "json":
            return _Parser(**self._defaults)  # type: ignore[attr-defined]
        return super().create_parser(protocol_name)


class _Data(Loader):
    """Reads botocore's descriptions of services, without what is not needed here and costs each start or each call."""

    def load_service_model(self, service_name: str, type_name: str, api_version: str | None = None) -> Any:  # noqa: ANN401
        model = super().load_service_model(service_name, type_name, api_version)
        for operation in model.get("operations", {}).values():
            operation.pop("operationContextParams", None)  # each call would be searched for the tables that it names
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
