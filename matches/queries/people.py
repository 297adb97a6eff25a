"""Who the players of a match are, for one audience; looked up when asked, never stored elsewhere.

A name stands in the player's row only, so that erasing a person rewrites no feed.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID, uuid5

from django.utils import timezone

from accounts.models import NamePolicy
from matches.models import LineupPlayer, Match, Player, SquadMembership

ADULT_AGE = 18
# From the strictest.
STRICTNESS = (NamePolicy.NUMBER, NamePolicy.INITIALS, NamePolicy.FULL)


@dataclass(frozen=True, slots=True)
class Lens:
    """How one audience sees a match. Viewers know a player by an alias that holds for this match
    only, so that nobody can follow a child from match to match."""

    match_id: UUID
    policy: NamePolicy | None = None

    @property
    def is_full(self) -> bool:
        """Members see everything; viewers have a policy."""
        return self.policy is None

    def ref(self, player_id: UUID | None) -> str | None:
        if player_id is None:
            return None
        return str(player_id if self.is_full else uuid5(self.match_id, str(player_id)))

    def name(self, player: Player, on: date) -> str | None:
        """What this audience may call a player in a match played on that day.

        A player who was erased has no name for anybody, and goes by the number.
        """
        if self.policy is NamePolicy.NUMBER or not player.name:
            return None
        if self.policy is None:
            return player.name
        if self.policy is NamePolicy.FULL and player.name_consent and is_adult(player, on):
            return player.name
        return initials(player.name)


def stricter(one: str, other: str) -> NamePolicy:
    return min(NamePolicy(one), NamePolicy(other), key=STRICTNESS.index)


def is_adult(player: Player, on: date) -> bool:
    """Of age both on that day and today; an unknown birthday is a child's."""
    born = player.birth_date
    if born is None:
        return False
    day = min(on, timezone.now().date())
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day)) >= ADULT_AGE


def initials(name: str) -> str:
    """ "Lionel Messi" becomes "L. M."."""
    letters = (next(filter(str.isalpha, word), "") for word in name.split())
    return " ".join(f"{letter.upper()}." for letter in letters if letter)


def people(
    match: Match, lineup: Iterable[LineupPlayer], others: Collection[UUID], lens: Lens
) -> dict[str, Any]:
    """Number and name of everybody in the line-ups and of `others`, by their REF.

    The number worn in this match wins over the one in the squad.
    """
    worn = {row.player_id: row.number for row in lineup}
    wanted = worn.keys() | set(others)
    numbers = _squad_numbers(match, wanted) | {who: worn[who] for who in worn if worn[who]}
    players = Player.objects.filter(pk__in=wanted).order_by("pk")
    day = match.kickoff_at.date()
    return {
        str(lens.ref(player.pk)): {
            "number": numbers.get(player.pk),
            "name": lens.name(player, day),
        }
        for player in players
    }


def _squad_numbers(match: Match, wanted: Collection[UUID]) -> dict[UUID, int | None]:
    teams = [match.home_team_id, match.away_team_id]
    squads = SquadMembership.objects.filter(team__in=teams, player__in=wanted)
    # Past memberships first, so that a current number replaces them.
    rows = squads.order_by("-left_on", "pk").values_list("player_id", "number", "left_on")
    past = {player: number for player, number, left_on in rows if left_on is not None}
    current = {player: number for player, number, left_on in rows if left_on is None}
    return past | current
