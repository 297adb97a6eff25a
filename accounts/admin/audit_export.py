"""The audit trail as a file: CSV and XLSX for a spreadsheet, JSON for a program."""

from typing import Any, Final

import tablib
from import_export.fields import Field
from import_export.formats import base_formats
from import_export.resources import ModelResource

from accounts.models import AuditEntry

# What a spreadsheet takes for the beginning of a formula, also in full width (OWASP, CSV
# injection).
_FORMULA_STARTS: Final = (*"=+-@\t\r\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")


def harmless(cell: Any) -> str:
    """The text of a cell; a leading apostrophe keeps a spreadsheet from calculating it."""
    text = "" if cell is None else str(cell)
    return f"'{text}" if text.startswith(_FORMULA_STARTS) else text


class _SpreadsheetMixin:
    def export_data(self, dataset: tablib.Dataset, **kwargs: Any) -> Any:
        cells = tablib.Dataset(*(map(harmless, row) for row in dataset), headers=dataset.headers)
        return super().export_data(cells, **kwargs)  # type: ignore[misc]


class SafeCSV(_SpreadsheetMixin, base_formats.CSV):  # type: ignore[misc]  # untyped package
    pass


class SafeXLSX(_SpreadsheetMixin, base_formats.XLSX):  # type: ignore[misc]  # untyped package
    pass


FORMATS: Final = [SafeCSV, SafeXLSX, base_formats.JSON]


class AuditEntryResource(ModelResource):  # type: ignore[misc]  # untyped package
    """Names beside the ids: the file is read where the tables are not."""

    actor_username = Field("actor__username", column_name="actor_username")
    organisation_name = Field("organisation__name", column_name="organisation_name")
    subject_username = Field("subject__username", column_name="subject_username")

    class Meta:
        model = AuditEntry
        fields = [
            "id",
            "at",
            "action",
            "actor_kind",
            "actor",
            "actor_username",
            "organisation",
            "organisation_name",
            "subject",
            "subject_username",
            "target",
            "address",
            "request_id",
            "details",
        ]
        export_order = fields

    def dehydrate_at(self, entry: AuditEntry) -> str:
        # With its zone: a bare time of day proves nothing.
        return entry.at.isoformat()
