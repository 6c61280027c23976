"""A photo is opened, turned upright, made small and drawn anew: nothing but the picture itself is kept.

EXIF (with the place it was taken), colour profiles, comments and thumbnails are gone.
"""

from __future__ import annotations

import io
import warnings

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from PIL import Image, ImageOps, UnidentifiedImageError

LONGEST = 2000
PIXELS = 60_000_000
FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "BMP")


def redraw(data: bytes, name: str) -> bytes:
    """A JPEG of at most 2000 pixels without any metadata. Raises ``ValidationError`` naming the file."""
    if data[4:12] in (b"ftypheic", b"ftypheix", b"ftypmif1", b"ftyphevc"):
        raise ValidationError(
            _("“%(name)s”是 HEIC 格式，这里打不开。请把手机相机格式改成“兼容性最佳”，或截一张图再传。")
            % {"name": name}
        )
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            _check(data, name)
            return _draw(data)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise ValidationError(
            _("“%(name)s”的尺寸太大。请拍小一点或截一张图再传。") % {"name": name}
        ) from None
    except UnidentifiedImageError:
        raise ValidationError(
            _("“%(name)s”不是照片。请选 JPG、PNG 或 WebP 格式的照片。") % {"name": name}
        ) from None
    except (OSError, ValueError, SyntaxError, EOFError, IndexError, TypeError, OverflowError):
        raise ValidationError(
            _("“%(name)s”是坏的，打不开。请重新拍一张或换一张。") % {"name": name}
        ) from None


def _check(data: bytes, name: str) -> None:
    with Image.open(io.BytesIO(data), formats=FORMATS) as image:
        width, height = image.size
        if width * height > PIXELS:
            raise ValidationError(_("“%(name)s”的尺寸太大。请拍小一点或截一张图再传。") % {"name": name})
        image.verify()


def _draw(data: bytes) -> bytes:
    with Image.open(io.BytesIO(data), formats=FORMATS) as image:
        upright = ImageOps.exif_transpose(image)
        flat = (
            upright.convert("RGBA") if upright.mode in ("P", "LA", "RGBA", "PA") else upright.convert("RGB")
        )
        flat.thumbnail((LONGEST, LONGEST))
        paper = Image.new("RGB", flat.size, "white")
        paper.paste(flat, mask=flat.getchannel("A") if flat.mode == "RGBA" else None)
        target = io.BytesIO()
        paper.save(target, "JPEG", quality=82, optimize=True)
        return target.getvalue()
