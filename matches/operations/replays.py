"""Getting a finished match ready to be played again."""

from typing import Final

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from core.errors import ForbiddenError, InvalidInputError
from matches.errors import MatchNotFinishedError
from matches.models import LineupPlayer, Match
from matches.operations.fields import save_checked
from matches.operations.forgetting import forget_play
from matches.operations.locking import locked
from matches.policies import can_manage_match
from matches.rules.kinds import MatchStatus

COPIED: Final = (
    *("organisation", "season", "format", "home_team", "away_team"),
    *("competition", "round", "venue"),
)
LINEUP_COPIED: Final = (
    *("team_id", "player_id", "number", "role", "position", "x", "y", "is_captain", "order"),
)


@transaction.atomic
def prepare_replay(*, source: Match, actor: User, clock_rate: int) -> Match:
    """A copy of a completed match, with its line-ups but nothing played, whose clock will run at
    `clock_rate` (1 to 3600).

    A match has one such copy. Preparing it again takes back what was played, so that its links
    stay valid and whoever follows it sees the next replay from the start. Raises
    MatchNotFinishedError, InvalidInputError and ForbiddenError.
    """
    # Two preparations of one match go one after another, so that neither makes a second copy.
    source = locked(source)
    if not can_manage_match(actor, source):
        raise ForbiddenError
    if source.replay_of_id is not None:
        raise InvalidInputError("This is a replay itself. Replay the match it is a copy of.")
    if source.status != MatchStatus.COMPLETED:
        raise MatchNotFinishedError(status=source.status)
    copy = source.replays.order_by("pk").select_for_update(no_key=True).first()
    if copy is None:
        copy = Match(replay_of=source, created_by=actor)
    else:
        forget_play(copy)
    for name in COPIED:
        setattr(copy, name, getattr(source, name))
    copy.kickoff_at = timezone.now()
    copy.clock_rate = clock_rate
    save_checked(copy)
    _copy_lineup(source, copy)
    return copy


def _copy_lineup(source: Match, copy: Match) -> None:
    LineupPlayer.objects.bulk_create(
        LineupPlayer(match=copy, **{name: getattr(row, name) for name in LINEUP_COPIED})
        for row in source.lineup.order_by("order", "pk")
    )
