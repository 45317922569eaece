"""Builds what is deployed into build/, laid out as the repository is, so that template.yaml holds there unchanged.

No container: the layer's wheels are Lambda's (arm64), whatever this machine is. As those cannot be imported here, the
same lock is then installed for this machine, and every function of the template imported against it.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterable
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from samtranslator.yaml_helper import yaml_parse

from tools.release import stamp

ROOT = Path(__file__).resolve().parent.parent
BUILD = ROOT / "build"
LAYER_LIMIT = 12_000_000  # bytes, unzipped: what a cold start has to load
PROVIDED = ["boto3", "botocore", "dateutil", "jmespath", "s3transfer", "six", "urllib3"]  # by Lambda's runtime

IMPORT = """
import importlib, sys
paths, handlers = sys.argv[1].split(":"), sys.argv[2:]
sys.path[:0] = paths
for handler in handlers:
    module, name = handler.rsplit(".", 1)
    if not callable(getattr(importlib.import_module(module), name)):
        sys.exit(f"{handler} cannot be called")
"""


def main() -> None:
    shutil.rmtree(BUILD, ignore_errors=True)
    shutil.copytree(ROOT / "functions", BUILD / "functions", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "template.yaml", BUILD)
    build_layer(BUILD / "layers" / "shared")

    size = sum(file.stat().st_size for file in (BUILD / "layers").rglob("*") if file.is_file())
    print(f"layer: {size / 1e6:.1f} MB unzipped, of {LAYER_LIMIT / 1e6:.0f}")
    if size > LAYER_LIMIT:
        sys.exit("The layer is too large.")

    handlers = import_functions(yaml_parse((BUILD / "template.yaml").read_text()))
    print(f"functions: {len(handlers)}, each imported against the same lock built for this machine")
    print(f"release: {stamp(BUILD, os.environ.get('PARAMETERS', ''))}")


def build_layer(folder: Path, **variables: str) -> None:
    settings = {"UV": find_uv(), "ARTIFACTS_DIR": str(folder), **variables}
    arguments = [f"{name}={value}" for name, value in settings.items()]
    subprocess.run(["make", "--silent", "-C", ROOT / "layers" / "shared", "build-SharedLayer", *arguments], check=True)


def find_uv() -> str:
    return str(Path(sys.executable).with_name("uv"))


def import_functions(template: dict[str, Any]) -> list[str]:
    """Imports every handler in an interpreter that sees what Lambda would show it, and nothing of this environment."""
    handlers = handlers_of(template)
    with TemporaryDirectory() as temporary:
        paths = ":".join(map(str, lay_out(Path(temporary))))
        environment = {**environment_of(template), "AWS_DEFAULT_REGION": "us-east-1", "PATH": os.environ["PATH"]}
        # -I -S: neither the environment's variables, nor this folder, nor any installed package.
        command = [sys.executable, "-I", "-S", "-B", "-W", "error", "-c", IMPORT, paths, *handlers]
        subprocess.run(command, check=True, env=environment)
    return handlers


def handlers_of(template: dict[str, Any]) -> list[str]:
    functions = [resource for resource in template["Resources"].values() if resource["Type"].endswith("::Function")]
    return [function["Properties"]["Handler"] for function in functions]


def lay_out(folder: Path, provided: Iterable[str] = PROVIDED) -> list[Path]:
    """Lays out what Lambda would show a function, for this machine: its code, the same lock, and what Lambda has."""
    build_layer(folder / "layer", PLATFORM="", PYTHON_VERSION=f"{sys.version_info.major}.{sys.version_info.minor}")
    link_provided(folder / "provided", provided)
    return [BUILD / "functions", folder / "layer" / "python", folder / "provided"]


def environment_of(template: dict[str, Any]) -> dict[str, str]:
    """Gives every variable its parameter's default, and a word that means nothing where there is none."""
    defaults = {name: str(parameter.get("Default", "unset")) for name, parameter in template["Parameters"].items()}
    variables = template["Globals"]["Function"]["Environment"]["Variables"]
    return {
        name: defaults.get(value.get("Ref", ""), "unset") if isinstance(value, dict) else value
        for name, value in variables.items()
    }


def link_provided(folder: Path, modules: Iterable[str]) -> None:
    folder.mkdir()
    for name in modules:
        spec = find_spec(name)
        if spec is None or spec.origin is None:
            sys.exit(f"{name} is not installed here, though Lambda has it.")
        source = Path(spec.origin)
        source = source.parent if source.name == "__init__.py" else source
        (folder / source.name).symlink_to(source)


if __name__ == "__main__":
    try:
        main()
    except subprocess.CalledProcessError as error:
        sys.exit(error.returncode)  # what was started has said what is wrong
