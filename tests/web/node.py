"""Programs of web/, run by the Node of the lock."""

import os
import subprocess
from pathlib import Path

from local.template import TEMPLATE

PATIENCE = 300  # seconds: what hangs fails, and what is slow on a busy machine does not

ROOT = TEMPLATE.parent
WEB = ROOT / "web"
NODE = ROOT / ".venv/bin/node"
NPM = ROOT / ".venv/bin/npm"


def run(folder: Path, *command: str | Path) -> str:
    """Run a program, and return what it said. It must succeed."""
    path = f"{NODE.parent}{os.pathsep}{os.environ['PATH']}"
    said = subprocess.run(
        command,
        cwd=folder,
        env={**os.environ, "PATH": path},
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    assert said.returncode == 0, said.stdout + said.stderr
    return said.stdout


def run_tests(folder: Path, *options: str) -> None:
    """Run a package's own tests: there must be some, and none may fail."""
    said = run(folder, NODE, "--test", "--test-isolation=none", "--test-reporter=tap", *options, "tests/*.test.ts")
    assert "\n# fail 0\n" in said
    assert "\n# pass 0\n" not in said
