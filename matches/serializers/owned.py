"""What every row that belongs to an organisation takes when it is made."""

from core.api.fields import IdField
from core.api.serializers import StrictSerializer


class OwnedDraftSerializer(StrictSerializer):
    organisation_id = IdField(
        required=False,
        help_text="One of your organisations. May be left out by who belongs to just one.",
    )
