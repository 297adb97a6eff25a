"""What the app keeps of a player beside their own row: texts that others wrote about them."""

from typing import Any, Final

from django.db.models import Model, Q, QuerySet

from accounts.queries.personal_data import Rows, fields_of, owned_rows, personal_document
from accounts.queries.traces import log_entries_about, log_entries_naming
from matches.models import EventRevision, LineupPlayer, MatchEvent, Player, SquadMembership

# What stands after a player is erased, without a name: the line-ups, and the number they wore.
KEPT: Final[frozenset[type[Model]]] = frozenset({LineupPlayer, SquadMembership})
_PLAYERS: Final = ("player", "player_on", "player_off")


def player_document(player: Player) -> dict[str, Any]:
    """All data of a player as one JSON document."""
    owned = owned_rows(player)
    events = events_about(player)
    log_entries = {entry.pk: entry for entry in log_entries_about(owned)}
    log_entries |= {entry.pk: entry for entry in log_entries_naming(names_of(player, owned))}
    mentions = {
        "admin.LogEntry": [fields_of(entry) for _, entry in sorted(log_entries.items())],
        "matches.EventRevision": [fields_of(row) for row in revisions_of(events)],
        "matches.MatchEvent": [fields_of(event) for event in events],
    }
    return personal_document(player, owned, mentions)


def events_about(player: Player) -> QuerySet[MatchEvent]:
    """The events that name the player, or did before somebody corrected them."""
    named = Q(pk__in=[])
    for state in ("before", "after"):
        for who in _PLAYERS:
            named |= Q(**{f"{state}__{who}_id": str(player.pk)})
    revisions = EventRevision.objects.filter(
        named, event__match__organisation_id=player.organisation_id
    )
    named_now = Q(player=player) | Q(player_on=player) | Q(player_off=player)
    events = MatchEvent.objects.filter(named_now | Q(pk__in=revisions.values("event_id")))
    return events.order_by("pk")


def revisions_of(events: QuerySet[MatchEvent]) -> QuerySet[EventRevision]:
    """How the events came to be what they are."""
    return EventRevision.objects.filter(event__in=events.order_by().values("pk")).order_by("pk")


def names_of(player: Player, owned: Rows) -> set[str]:
    """The name, and those the player had before, as far as the admin's log knows them."""
    known = log_entries_about({Player: owned[Player]}).values_list("object_repr", flat=True)
    return {player.name, *known} - {""}
