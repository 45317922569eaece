"""The TypeScript client against the served system: its own tests start a server, and a proxy that loses answers."""

import subprocess

from local.template import TEMPLATE

PATIENCE = 300  # seconds: what hangs fails, and what is slow on a busy machine does not

ROOT = TEMPLATE.parent
NODE = ROOT / ".venv/bin/node"


def test_the_client_does_what_its_tests_say() -> None:
    said = subprocess.run(
        [NODE, "--test", "--test-isolation=none", "--test-reporter=tap", "tests/*.test.ts"],
        cwd=ROOT / "web/client",
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )

    assert said.returncode == 0, said.stdout + said.stderr
    assert "\n# fail 0\n" in said.stdout
    assert "\n# pass 0\n" not in said.stdout
