"""Where requests go: in each region of each partition, where botocore's own file of endpoints says."""

from collections.abc import Iterator

import pytest
from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.session import Session, get_session
from moto.core.models import botocore_stubber

from roster import aws

SERVICES = {"dynamodb": "list_tables", "kms": "list_keys", "sesv2": "get_account", "events": "list_rules"}
REGIONS = [
    "us-east-1",
    "eu-central-2",
    "il-central-1",
    "cn-north-1",
    "us-gov-west-1",
    "us-iso-east-1",
    "us-isob-east-1",
]


class _Nothing:
    def stream(self) -> Iterator[bytes]:
        yield b"{}"


def asked(session: Session, region: str) -> list[tuple[str, str]]:
    """Where each service is asked in a region, and for which region and service the request is signed."""
    found = []
    for service, operation in SERVICES.items():
        client = session.create_client(service, region_name=region)

        def answer(request: AWSPreparedRequest, **_: object) -> AWSResponse:
            signed = str(request.headers["Authorization"]).split("Credential=")[1].split(",")[0]
            found.append((request.url, signed.split("/", 2)[2]))
            return AWSResponse(request.url, 200, {}, _Nothing())  # type: ignore[arg-type]

        client.meta.events.register_first("before-send", answer)  # type: ignore[arg-type]
        getattr(client, operation)()
    return found


@pytest.fixture
def _no_moto() -> Iterator[None]:
    """Moto knows fewer regions."""
    before, botocore_stubber.enabled = botocore_stubber.enabled, False
    yield
    botocore_stubber.enabled = before


@pytest.mark.usefixtures("_no_moto")
@pytest.mark.parametrize("region", REGIONS)
def test_every_service_is_asked_where_it_is_in_its_region(region: str) -> None:
    assert asked(aws.session(), region) == asked(get_session(), region)


@pytest.mark.usefixtures("_no_moto")
@pytest.mark.parametrize("variant", ["AWS_USE_FIPS_ENDPOINT", "AWS_USE_DUALSTACK_ENDPOINT"])
def test_so_it_is_in_the_variants(monkeypatch: pytest.MonkeyPatch, variant: str) -> None:
    monkeypatch.setenv(variant, "true")

    found = asked(aws.session.__wrapped__(), "us-east-1")

    assert found == asked(get_session(), "us-east-1")
    assert all("fips" in url or "api.aws" in url for url, _ in found)
