"""Made documents for tests: PDFs of given lines, whole and hostile."""

from __future__ import annotations

import io
import zlib
from collections.abc import Sequence


def pdf_of(pages: Sequence[Sequence[str]], *, title: str | None = None, script: str = "") -> bytes:
    """A PDF with these lines on its pages, in whatever letters; a script runs when it is opened."""
    used = sorted({character for page in pages for line in page for character in line})
    letters = "".join(f"<{ord(c):04X}> <{ord(c):04X}>\n" for c in used if ord(c) < 0x10000)
    blocks = letters.splitlines()
    mapped = "".join(
        f"{len(part)} beginbfchar\n" + "\n".join(part) + "\nendbfchar\n"
        for part in (blocks[at : at + 100] for at in range(0, len(blocks), 100))
    )
    cmap = (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /A def\n"
        f"1 begincodespacerange <0000> <FFFF> endcodespacerange\n{mapped}endcmap end end"
    )
    opening = f"/OpenAction << /S /JavaScript /JS ({script}) >>" if script else ""
    objects = [
        f"<< /Type /Catalog /Pages 2 0 R {opening} >>".encode(),
        b"",
        b"<< /Type /Font /Subtype /Type0 /BaseFont /A /Encoding /Identity-H "
        b"/DescendantFonts [4 0 R] /ToUnicode 5 0 R >>",
        b"<< /Type /Font /Subtype /CIDFontType2 /BaseFont /A /DW 500 "
        b"/CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> >>",
        _stream(cmap.encode()),
        f"<< /Title ({title}) >>".encode() if title else b"<< >>",
    ]
    numbers = []
    for page in pages:
        shown = "".join(f"<{line.encode('utf-16-be').hex()}> Tj T*\n" for line in page)
        numbers.append(len(objects) + 1)
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << /F1 3 0 R >> >> "
            + f"/Contents {len(objects) + 2} 0 R >>".encode()
        )
        objects.append(_stream(f"BT /F1 10 Tf 14 TL 50 800 Td\n{shown}ET".encode()))
    kids = " ".join(f"{number} 0 R" for number in numbers)
    objects[1] = f"<< /Type /Pages /Kids [{kids}] /Count {len(numbers)} >>".encode()
    return _assembled(objects)


def pictures(count: int) -> bytes:
    """A PDF whose pages each show one picture and no text."""
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"",
        b"<< /Type /XObject /Subtype /Image /Width 1 /Height 1 /ColorSpace /DeviceGray /BitsPerComponent 8 "
        b"/Length 1 >>\nstream\n\x00\nendstream",
        _stream(b"q 500 0 0 700 50 50 cm /I Do Q"),
        b"<< >>",
        b"<< >>",
    ]
    first = len(objects) + 1
    objects += [
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /XObject << /I 3 0 R >> >> "
        b"/Contents 4 0 R >>"
    ] * count
    kids = " ".join(f"{number} 0 R" for number in range(first, first + count))
    objects[1] = f"<< /Type /Pages /Kids [{kids}] /Count {count} >>".encode()
    return _assembled(objects)


def bomb() -> bytes:
    """A PDF whose one page of content unpacks to a quarter of a gigabyte."""
    packer = zlib.compressobj(9)
    block = b" " * (1 << 20)
    packed = b"".join(packer.compress(block) for _ in range(256)) + packer.flush()
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << >> /Contents 4 0 R >>",
        f"<< /Length {len(packed)} /Filter /FlateDecode >>\nstream\n".encode() + packed + b"\nendstream",
        b"<< >>",
        b"<< >>",
    ]
    return _assembled(objects)


def _stream(data: bytes) -> bytes:
    return f"<< /Length {len(data)} >>\nstream\n".encode() + data + b"\nendstream"


def _assembled(objects: Sequence[bytes]) -> bytes:
    out = io.BytesIO()
    out.write(b"%PDF-1.7\n")
    places = []
    for number, body in enumerate(objects, 1):
        places.append(out.tell())
        out.write(f"{number} 0 obj\n".encode() + body + b"\nendobj\n")
    start = out.tell()
    out.write(f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode())
    out.write(b"".join(f"{place:010d} 00000 n \n".encode() for place in places))
    out.write(f"trailer << /Size {len(objects) + 1} /Root 1 0 R /Info 6 0 R >>\n".encode())
    out.write(f"startxref\n{start}\n%%EOF\n".encode())
    return out.getvalue()


def encrypted(password: str) -> bytes:
    """A PDF that asks for a password to be read, or, if it is empty, only to be changed."""
    import pypdf

    writer = pypdf.PdfWriter(io.BytesIO(pdf_of([["Give oxygen."]])))
    writer.encrypt(password, owner_password="owner", algorithm="RC4-128")  # noqa: S106 - of no worth
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()
