"""How a story is told: against a server of its pack, chapter by chapter, until something is not as told."""

import argparse
import sys
from collections.abc import Callable, Sequence

import httpx

from examples.story import NotAsTold, Person, Story

ADDRESS = "http://127.0.0.1:8000"  # where `make run` serves

type Chapter[S] = Callable[[S], None]


def play[S: Story](story: type[S], chapters: Sequence[Chapter[S]], address: str) -> bool:
    """Play a story against a server, which is emptied first, and tell whether everything was as told."""
    try:
        with httpx.Client(base_url=address, timeout=30) as server:
            _require_pack(server, story.pack)
            server.post("/_local/reset").raise_for_status()
            stage = story(server)
            for number, chapter in enumerate(chapters, 1):
                print(f"\n {number:2}. {chapter.__doc__}", flush=True)
                chapter(stage)
                stage.expect_no_more_mail()
    except NotAsTold as error:
        print(f"\nNot as told. {error}", flush=True)
    except httpx.HTTPError as error:
        print(f"\nNo Roster answers at {address} ({error}). Start one: make run PACK={story.pack}", flush=True)
    except (LookupError, TypeError, ValueError) as error:  # of a body that lacks what its status promises
        print(f"\nNot as told. An answer has another form than expected: {error!r}.", flush=True)
    else:
        return True
    return False


def _require_pack(server: httpx.Client, pack: str) -> None:
    """Raise NotAsTold if the server runs another pack, as an organization there tells."""
    somebody = Person(server, "Somebody", {})
    founded = somebody.post("/organizations", {"name": "Which pack is this?"}).expect(201)
    somebody.delete(f"/organizations/{founded['id']}").expect(204)
    if founded["pack"] != pack:
        raise NotAsTold(f"The server runs the pack {founded['pack']}, and this story is about {pack}.")


def main[S: Story](story: type[S], chapters: Sequence[Chapter[S]], about: str | None) -> None:
    """Play one story alone, as the command line says."""
    parser = argparse.ArgumentParser(
        prog=f"python -m examples.{story.pack}",
        description=f"{about} Needs a server: make run PACK={story.pack}. Everything in it is deleted.",
    )
    parser.add_argument("address", nargs="?", default=ADDRESS, help="where the server is (%(default)s)")
    if not play(story, chapters, parser.parse_args().address):
        sys.exit(1)
    print("\nAll as told.")
