"""How views become operations of the OpenAPI document."""

from typing import Any

from drf_spectacular.openapi import AutoSchema as SpectacularAutoSchema


class AutoSchema(SpectacularAutoSchema):
    """Says what `extend_schema` says, and the body of a DELETE that is said to have one."""

    def get_description(self) -> str:  # type: ignore[override]  # the stub knows DRF's only
        # Docstrings are for who reads the code, and a mixin's would describe each of its views.
        return ""

    def get_request_serializer(self) -> Any:
        # Asked for what `extend_schema` leaves unsaid.
        return None if self.method == "DELETE" else super().get_request_serializer()

    def _get_request_body(self, direction: str = "request") -> Any:
        if self.method != "DELETE" or self.get_request_serializer() is None:
            return super()._get_request_body(direction)  # type: ignore[no-untyped-call]
        self.method = "POST"
        try:
            return super()._get_request_body(direction)  # type: ignore[no-untyped-call]
        finally:
            self.method = "DELETE"
