"""What anybody may ask of the server."""

from tests.api.operation import ANYBODY, Operation

OPERATIONS = {
    ("api-health", "GET"): Operation(ANYBODY),
    ("api-openapi", "GET"): Operation(ANYBODY),
}
