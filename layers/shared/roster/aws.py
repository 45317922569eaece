"""The clients of AWS: all of one session of botocore, as each session reads its files anew."""

from functools import cache
from typing import Any

from botocore.config import Config
from botocore.session import Session, get_session


@cache
def session() -> Session:
    """Return the session, made for the first client."""
    return get_session()


def client(service: str, config: Config) -> Any:  # noqa: ANN401 (botocore makes each service's class at run time)
    """Make a client as boto3 does, without its transfers to S3 and resources, which would cost each cold start."""
    return session().create_client(service, config=config)
