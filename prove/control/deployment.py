"""The deployment that is simulated: the template's functions and their environment, before anything imports them."""

import importlib.util
import os
import sys
from functools import cache
from pathlib import Path
from types import ModuleType

from local.sample import PACKS, PARAMETERS, RESOURCES
from local.template import REGION, Stack

ROOT = Path(__file__).parents[2]


@cache
def stack(pack: str) -> Stack:
    """Translate the template for a pack."""
    return Stack(PARAMETERS | {"Pack": pack}, RESOURCES)


def prepare() -> None:
    """Give this process the environment that functions have. Which pack is theirs, each run says anew."""
    os.environ |= {
        name: value for function in stack(PACKS[0]).functions.values() for name, value in function.environment.items()
    }
    os.environ |= {
        "AWS_DEFAULT_REGION": REGION,
        "AWS_ACCESS_KEY_ID": "none",
        "AWS_SECRET_ACCESS_KEY": "none",
        "POWERTOOLS_LOG_LEVEL": "CRITICAL",
    }


@cache
def load(function: str, slot: int) -> ModuleType:
    """Import a function for a slot. Each slot has a copy of its own, as each of Lambda's environments does."""
    name = f"slot{slot}.functions.{function.replace('/', '.')}"
    spec = importlib.util.spec_from_file_location(name, ROOT / "functions" / f"{function}.py")
    if spec is None or spec.loader is None:
        raise LookupError(f"no function {function}")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module  # annotations are looked up there
    spec.loader.exec_module(module)
    return module


prepare()
