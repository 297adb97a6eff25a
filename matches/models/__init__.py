from matches.models.event import EventRevision, MatchEvent
from matches.models.lineup import LineupPlayer
from matches.models.match import Format, Match, Pause, Period
from matches.models.roster import Player, Season, SquadMembership, Team
from matches.models.scorers import MatchScorer
from matches.models.sharing import ShareLink

__all__ = [
    "EventRevision",
    "Format",
    "LineupPlayer",
    "Match",
    "MatchEvent",
    "MatchScorer",
    "Pause",
    "Period",
    "Player",
    "Season",
    "ShareLink",
    "SquadMembership",
    "Team",
]
