"""The search: a history is drawn, and what is wrong in it is told by the shortest that shows it."""

import random
import re
from dataclasses import dataclass, field

from prove.control.outcomes import DRAWN
from prove.control.planting import Planted
from prove.control.simulator import Simulator
from prove.histories.acts import Absent, Act
from prove.histories.drawing import draw
from prove.histories.playing import Play
from prove.histories.scene import PEOPLE, Scene
from prove.histories.shrinking import History, shrunk

LENGTH = 500  # acts of one history
# What differs from one history to another in a sentence about the same: lists, names, addresses, numbers.
PERSON = rf"\b(?:{'|'.join(PEOPLE)})(?:-\d)?\b"
DIFFERING = re.compile(rf"\([^()]*\)|\[[^\[\]]*\]|“[^”]*”|[\w.-]+@[\w.-]+|{PERSON}|\d+")


@dataclass
class Done:
    """A history, what came of each of its acts, and what was wrong after the last."""

    acts: list[Act] = field(default_factory=list)
    answers: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    @property
    def about(self) -> set[str]:
        """What was wrong, whomever and whatever it is about."""
        return {masked(sentence) for sentence in self.wrong}

    def of_consequence(self) -> list[Act]:
        """Return the acts that were not refused, and the last one."""
        done = zip(self.acts[:-1], self.answers[:-1], strict=True)
        return [act for act, answer in done if not answer.startswith("4")] + self.acts[-1:]

    def __str__(self) -> str:
        """Return it as lines for people."""
        lines = [f"{act}  → {answer}" for act, answer in zip(self.acts, self.answers, strict=True)]
        return "\n".join([*lines, *(f"WRONG: {sentence}" for sentence in self.wrong)])


class Search:
    """All histories of a pack."""

    def __init__(self, pack: str, planted: Planted | None = None) -> None:
        self._simulator, self._planted = Simulator(pack), planted
        self._empty = self._simulator.keep()

    def drawn(self, name: str, length: int = LENGTH) -> Done:
        """Draw a history by its name, and do it until something is wrong."""
        chance, done = random.Random(name), Done()  # noqa: S311 (it is to be repeatable)
        with self._simulator.at_work():
            play = self._begun()
            for number in range(1, length + 1):
                if not done.wrong:
                    _add(done, play, draw(Scene(play, chance), number))
        return done

    def again(self, history: History) -> Done:
        """Do a history again, until something is wrong."""
        done = Done()
        with self._simulator.at_work():
            play = self._begun()
            for act in history:
                if not done.wrong:
                    _add(done, play, act)
        return done

    def shortest(self, found: Done) -> Done:
        """Return the shortest history with the same wrong, whomever and whatever it is about."""

        def fails(history: History) -> bool:
            return bool(found.about & self.again(history).about)

        return self.again(shrunk(found.acts, found.of_consequence(), fails))

    def _begun(self) -> Play:
        return Play(self._simulator, self._empty, self._planted)


def masked(sentence: str) -> str:
    """Return a sentence without what is drawn anew in each history, and without names and numbers."""
    return DIFFERING.sub("*", DRAWN.sub("*", sentence))


def _add(done: Done, play: Play, act: Act) -> None:
    """Do an act, unless what it names is not there."""
    try:
        answer, done.wrong = play.do(act)
    except Absent:
        return
    done.acts.append(act)
    done.answers.append(answer)
