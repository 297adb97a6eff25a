"""A mark in every text that belongs to one organisation, wherever its rows keep one."""

from itertools import count

from django.apps import apps
from django.db import models

# Short enough for the shortest text, and in no language.
MARK = "kwyjib"
OUR_APPS = ("accounts", "realtime", "settings_app", "items", "matches", "tournaments", "graphics")
# What must stay as it is for the rows to work, and what is told to nobody anyway.
UNTOUCHED = {
    "accounts.User.password",
    "accounts.DeviceSession.master_key",
    "accounts.RefreshToken.token_hash",
    "accounts.EmailToken.token_hash",
    "accounts.Invitation.token_hash",
    "matches.ShareLink.token_hash",
    # Rows refer to each other by these.
    "realtime.FeedHead.topic",
    "realtime.FeedHead.epoch",
    "realtime.FeedEntry.topic",
    # The formats are the platform's and for everybody to read.
    "matches.Format.name",
}
_numbers = count(1)


def texts():
    """Every field of every model that holds free text, as (label, model, field)."""
    for model in apps.get_models():
        if model._meta.app_label not in OUR_APPS:
            continue
        for field in model._meta.concrete_fields:
            label = f"{model._meta.label}.{field.name}"
            is_text = isinstance(field, models.CharField | models.TextField | models.JSONField)
            if is_text and not field.choices and label not in UNTOUCHED:
                yield label, model, field


def rows():
    """The keys of all rows there are, by model."""
    ours = (model for model in apps.get_models() if model._meta.app_label in OUR_APPS)
    return {model: _keys_of(model) for model in ours}


def plant(spared):
    """Put the mark into every text of every row but those that are spared.

    Returns the labels of the fields that hold it now.
    """
    planted = set()
    for label, model, field in texts():
        for key in _keys_of(model) - spared[model]:
            model._base_manager.filter(pk=key).update(**{field.name: _song(field)})
            planted.add(label)
    return planted


def _keys_of(model):
    return set(model._base_manager.values_list("pk", flat=True))


def _song(field):
    mark = f"{MARK}{next(_numbers)}"
    if isinstance(field, models.JSONField):
        return {mark: [mark]}
    if isinstance(field, models.EmailField):
        return f"{mark}@example.org"
    return mark[: field.max_length]


def sings_in(text):
    return MARK in text.casefold()


def heard(response):
    """Everything of an answer that goes over the wire."""
    headers = "\n".join(f"{name}: {value}" for name, value in response.headers.items())
    return f"{headers}\n{response.content.decode()}"
