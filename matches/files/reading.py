"""Tells the shapes of file apart and reads each match by itself: a bad one stops no other."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, tzinfo
from functools import partial
from typing import Any

from matches.files import openfootball, touchline, worldcup
from matches.files.checking import check
from matches.files.draft import MatchDraft
from matches.files.errors import FileError
from matches.files.nodes import Node


@dataclass(frozen=True, slots=True)
class Row:
    """One match of a file: read, or what is wrong with it."""

    number: int
    label: str
    draft: MatchDraft | None = None
    problem: str = ""


def read_file(
    document: Any, *, zone: tzinfo = UTC, known_players: worldcup.KnownPlayers | None = None
) -> Iterator[Row]:
    """Every match of a decoded JSON file of any known shape; FileError when it is none of them.

    `zone` is that of local times that name none; `known_players` comes from `read_squads`.
    """
    file = Node(document)
    if file.has("format"):
        if file.value["format"] != touchline.FORMAT:
            raise FileError(f"this program reads {touchline.FORMAT!r}.", where="format")
        return iter([_row(1, "", partial(touchline.read_match, document))])
    if not isinstance(file.value.get("matches"), list):
        raise FileError(
            "this is no file of matches: neither a touchline-match, nor football.json, "
            "nor match reports."
        )
    return _listed(file, zone, known_players or {})


def _listed(file: Node, zone: tzinfo, known: worldcup.KnownPlayers) -> Iterator[Row]:
    competition = file.text("name", "", limit=120)
    for number, value in enumerate(file.value["matches"], start=1):
        where = f"matches[{number - 1}]"
        if isinstance(value, dict) and "team1" in value:
            label = _label(value.get("team1"), value.get("team2"))
            read = partial(_football_json, value, where, competition, zone)
        else:
            label = _label(value.get("home"), value.get("away")) if isinstance(value, dict) else ""
            read = partial(_report, value, where, competition, zone, known)
        yield _row(number, label, read)


def _football_json(value: Any, where: str, competition: str, zone: tzinfo) -> MatchDraft:
    return openfootball.read_match(Node(value, where), competition, zone)


def _report(
    value: Any, where: str, competition: str, zone: tzinfo, known: worldcup.KnownPlayers
) -> MatchDraft:
    return worldcup.read_match(Node(value, where), competition, zone, known)


def _label(home: Any, away: Any) -> str:
    return f"{home or '?'} - {away or '?'}"


def _row(number: int, label: str, read: Callable[[], MatchDraft]) -> Row:
    try:
        draft = read()
        check(draft)
    except FileError as error:
        return Row(number, label, problem=str(error))
    return Row(number, _label(draft.home.name, draft.away.name), draft)
