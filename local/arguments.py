"""Arguments of programs: a wrong one ends with one sentence. Older Pythons must be able to read this file."""

import argparse
import sys
from typing import NoReturn


def refuse(sentence: str) -> NoReturn:
    """End with a sentence and exit status 2."""
    print(sentence, file=sys.stderr)
    sys.exit(2)


class Parser(argparse.ArgumentParser):
    """A parser that refuses in one sentence, without repeating how it is called."""

    def error(self, message: str) -> NoReturn:
        """Refuse."""
        refuse(f"{message[:1].upper()}{message[1:]}; --help tells what there is.")
