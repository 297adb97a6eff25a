"""Make it impossible to store a reference from a row of one organisation to a row of another.

On PostgreSQL only. Each reference between rows that belong to an organisation gets a second foreign
key beside Django's: over the reference and the organisation. A row whose table has no organisation
of its own gets a column for it, which the models do not know: a trigger fills it from the match or
the team the row hangs on, and the foreign keys, not the trigger, keep it true. See docs/adr/0009.

Like Django's own they are checked at the end of the transaction.
"""

from django.db import migrations

# What is referred to: a key over row and organisation for the foreign keys to rest on.
OWNERS = {
    "season": "matches_season",
    "team": "matches_team",
    "player": "matches_player",
    "match": "matches_match",
    "membership": "accounts_membership",
}

# Tables without an organisation of their own, and the row that each takes it from.
HEIRS = {
    "squad_membership": ("matches_squadmembership", "team"),
    "lineup_player": ("matches_lineupplayer", "match"),
    "match_event": ("matches_matchevent", "match"),
    "match_scorer": ("matches_matchscorer", "match"),
}

TABLES = {"match": OWNERS["match"], **{model: table for model, (table, _) in HEIRS.items()}}

# Model, the name of the reference, and what it refers to.
REFERENCES = [
    ("match", "season", "season"),
    ("match", "home_team", "team"),
    ("match", "away_team", "team"),
    ("match", "replay_of", "match"),
    ("squad_membership", "team", "team"),
    ("squad_membership", "player", "player"),
    ("lineup_player", "match", "match"),
    ("lineup_player", "team", "team"),
    ("lineup_player", "player", "player"),
    ("match_event", "match", "match"),
    ("match_event", "team", "team"),
    ("match_event", "player", "player"),
    ("match_event", "player_on", "player"),
    ("match_event", "player_off", "player"),
    ("match_scorer", "match", "match"),
    ("match_scorer", "membership", "membership"),
]

FILL = """
CREATE FUNCTION {schema}.take_organisation_of_{owner}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    SELECT organisation_id INTO NEW.organisation_id
        FROM {schema}.{table} WHERE id = NEW.{owner}_id;
    -- An empty organisation would satisfy every foreign key over it.
    IF NEW.organisation_id IS NULL THEN
        RAISE foreign_key_violation USING
            MESSAGE = format('%s refers to a {owner} that is not there', TG_TABLE_NAME),
            TABLE = TG_TABLE_NAME, CONSTRAINT = TG_NAME;
    END IF;
    RETURN NEW;
END $$
"""


def add(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        for statement in additions(current_schema(schema_editor)):
            schema_editor.execute(statement, params=None)


def remove(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        for statement in removals(current_schema(schema_editor)):
            schema_editor.execute(statement, params=None)


def current_schema(schema_editor):
    # Named in the functions: a restore of data runs them without a search path.
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("SELECT quote_ident(current_schema())")
        return cursor.fetchone()[0]


def additions(schema):
    for owner, table in OWNERS.items():
        yield f"ALTER TABLE {table} ADD CONSTRAINT {owner}_of_organisation UNIQUE (id, organisation_id)"
    for owner in heirs_owners():
        yield FILL.format(schema=schema, owner=owner, table=OWNERS[owner])
    for model, (table, owner) in HEIRS.items():
        yield f"ALTER TABLE {table} ADD COLUMN organisation_id uuid"
        yield (
            f"UPDATE {table} SET organisation_id = owner.organisation_id"
            f" FROM {OWNERS[owner]} owner WHERE owner.id = {table}.{owner}_id"
        )
        yield f"ALTER TABLE {table} ALTER COLUMN organisation_id SET NOT NULL"
        yield (
            f"CREATE TRIGGER {model}_takes_organisation BEFORE INSERT ON {table}"
            f" FOR EACH ROW EXECUTE FUNCTION {schema}.take_organisation_of_{owner}()"
        )
    for model, reference, owner in REFERENCES:
        yield (
            f"ALTER TABLE {TABLES[model]} ADD CONSTRAINT {model}_{reference}_same_organisation"
            f" FOREIGN KEY ({reference}_id, organisation_id)"
            f" REFERENCES {OWNERS[owner]} (id, organisation_id) DEFERRABLE INITIALLY DEFERRED"
        )
    # Events lead to events of their own match, and so to none of another organisation.
    yield "ALTER TABLE matches_matchevent ADD CONSTRAINT match_event_of_match UNIQUE (id, match_id)"
    yield (
        "ALTER TABLE matches_matchevent ADD CONSTRAINT match_event_linked_event_same_match"
        " FOREIGN KEY (linked_event_id, match_id)"
        " REFERENCES matches_matchevent (id, match_id) DEFERRABLE INITIALLY DEFERRED"
    )


def removals(schema):
    event = "ALTER TABLE matches_matchevent DROP CONSTRAINT"
    yield f"{event} match_event_linked_event_same_match"
    yield f"{event} match_event_of_match"
    for model, reference, _ in REFERENCES:
        yield f"ALTER TABLE {TABLES[model]} DROP CONSTRAINT {model}_{reference}_same_organisation"
    for model, (table, _) in HEIRS.items():
        yield f"DROP TRIGGER {model}_takes_organisation ON {table}"
        yield f"ALTER TABLE {table} DROP COLUMN organisation_id"
    for owner in heirs_owners():
        yield f"DROP FUNCTION {schema}.take_organisation_of_{owner}()"
    for owner, table in OWNERS.items():
        yield f"ALTER TABLE {table} DROP CONSTRAINT {owner}_of_organisation"


def heirs_owners():
    return sorted({owner for _, owner in HEIRS.values()})


class Migration(migrations.Migration):
    dependencies = [("accounts", "0002_identity"), ("matches", "0004_match_scorers")]

    operations = [migrations.RunPython(add, remove)]
