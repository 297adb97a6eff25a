"""The security headers that do not depend on the answer, in one place to be read and tested."""

from typing import Any

from csp.constants import NONE, SELF, UNSAFE_INLINE


def content_security_policy(mode: str) -> dict[str, Any]:
    """What pages may load, `strict` or `relaxed` (inline styles, pictures from other sites).

    No mode allows inline scripts, scripts from elsewhere, or frames around our pages.
    """
    is_strict = mode == "strict"
    return {
        "DIRECTIVES": {
            "default-src": [NONE],
            "script-src": [SELF],
            "style-src": [SELF] if is_strict else [SELF, UNSAFE_INLINE],
            "img-src": [SELF, "data:"] if is_strict else [SELF, "data:", "https:"],
            "font-src": [SELF],
            "connect-src": [SELF],
            "manifest-src": [SELF],
            "worker-src": [SELF],
            "base-uri": [NONE],
            "form-action": [SELF],
            "frame-ancestors": [NONE],
        }
    }
