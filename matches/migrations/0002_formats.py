"""The formats most clubs play (England from 2026/27 for the young); staff may add and edit."""

from uuid import UUID

from django.db import migrations
from django.db.models import Q

# Fixed keys, because a club may rename a format and it stays the same one.
FORMATS = [
    # key, name, regular periods, minutes, extra time periods, minutes, shootout, players a side
    ("019ab000-0000-7000-8000-000000000001", "Football 11, 2 x 45", 2, 45, 0, 0, False, 11),
    (
        "019ab000-0000-7000-8000-000000000002",
        "Football 11, 2 x 45, extra time 2 x 15, shootout",
        *(2, 45, 2, 15, True, 11),
    ),
    (
        "019ab000-0000-7000-8000-000000000003",
        "Football 11, 2 x 45, shootout",
        2,
        45,
        0,
        0,
        True,
        11,
    ),
    ("019ab000-0000-7000-8000-000000000004", "Youth 11, 2 x 40", 2, 40, 0, 0, False, 11),
    ("019ab000-0000-7000-8000-000000000005", "Youth 11, 2 x 35", 2, 35, 0, 0, False, 11),
    ("019ab000-0000-7000-8000-000000000006", "Youth 9, 2 x 30", 2, 30, 0, 0, False, 9),
    ("019ab000-0000-7000-8000-000000000007", "Youth 7, 2 x 25", 2, 25, 0, 0, False, 7),
    ("019ab000-0000-7000-8000-000000000008", "Youth 5, 4 x 10", 4, 10, 0, 0, False, 5),
    ("019ab000-0000-7000-8000-000000000009", "Youth 3, 4 x 8", 4, 8, 0, 0, False, 3),
]


def add_formats(apps, schema_editor):
    Format = apps.get_model("matches", "Format")
    for key, name, periods, minutes, extra_periods, extra_minutes, shootout, players in FORMATS:
        # Staff may have made one of that name themselves.
        if Format.objects.filter(Q(pk=UUID(key)) | Q(name=name)).exists():
            continue
        Format.objects.create(
            id=UUID(key),
            name=name,
            regular_periods=periods,
            regular_minutes=minutes,
            extra_time_periods=extra_periods,
            extra_time_minutes=extra_minutes,
            has_shootout=shootout,
            players_on_pitch=players,
        )


def remove_unused_formats(apps, schema_editor):
    Format = apps.get_model("matches", "Format")
    keys = [UUID(key) for key, *_ in FORMATS]
    # A format that matches were played in stays: going back must not fail on it or take them along.
    Format.objects.filter(pk__in=keys, matches=None).delete()


class Migration(migrations.Migration):
    dependencies = [("matches", "0001_initial")]

    operations = [migrations.RunPython(add_formats, remove_unused_formats)]
