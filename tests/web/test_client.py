"""The TypeScript client against the served system: its own tests start a server, and a proxy that loses answers."""

from tests.web.node import WEB, run_tests


def test_the_client_does_what_its_tests_say() -> None:
    run_tests(WEB / "client")
