import pytest
from rest_framework.serializers import ValidationError

from core.api.fields import NameField

FIELD = NameField(max_length=12)


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("Rovers", "Rovers"),
        ("  FC 08  ", "FC 08"),
        ("نادي", "نادي"),
        ("\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645", None),
        ("👩\u200d🦰", "👩\u200d🦰"),
        ("Lions 🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f", None),
        ("⚽", "⚽"),
        ("Zu\u0308rich", "Zürich"),
    ],
    ids=["plain", "trimmed", "arabic", "persian", "emoji", "flag", "symbol", "composed"],
)
def test_name_of_any_script_is_kept_in_one_spelling(sent, kept):
    field = NameField(max_length=30)

    assert field.run_validation(sent) == (kept or sent)


@pytest.mark.parametrize(
    "sent",
    [
        "Ro\x07vers",
        "Ro\nvers",
        "Ro\u2028vers",
        "Ro\u200bvers",
        "\u202esrevoR",
        "\u2066Rovers",
        "Rovers\ufeff",
        "Ro\u00advers",
        "Rovers\U000e0067",
    ],
    ids=["bell", "newline", "line", "zero-width", "override", "isolate", "bom", "hyphen", "tag"],
)
def test_name_hides_nothing(sent):
    with pytest.raises(ValidationError, match="cannot be seen"):
        FIELD.run_validation(sent)


@pytest.mark.parametrize("sent", ["\u200d", "\u3164", "\u2800 \u2800"])
def test_name_can_be_seen(sent):
    with pytest.raises(ValidationError, match="at least one character"):
        FIELD.run_validation(sent)


@pytest.mark.parametrize("sent", ["", "   ", "x" * 13])
def test_name_has_a_length(sent):
    with pytest.raises(ValidationError):
        FIELD.run_validation(sent)
