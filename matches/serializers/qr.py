"""QR codes as SVG, drawn here: a link must not pass through somebody else's server."""

from io import BytesIO

import segno


def qr_svg(text: str) -> str:
    """A whole SVG document that scales, dark on white whatever page it stands on."""
    drawing = BytesIO()
    # Level M survives a crease or a raindrop on the print-out by the pitch (15 % of the code).
    segno.make(text, error="m", micro=False).save(
        drawing, kind="svg", xmldecl=False, omitsize=True, dark="#000", light="#fff"
    )
    return drawing.getvalue().decode()
