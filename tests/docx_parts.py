"""Builds a .docx from raw OOXML, for structures that no library writes."""

from __future__ import annotations

import zipfile
from pathlib import Path

_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_NAMESPACES = (
    f'xmlns:w="{_W}" xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"'
)
_ROOTS = {"document": "w:document", "numbering": "w:numbering", "styles": "w:styles", "footnotes": "w:footnotes"}
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"


def write_parts(path: Path, body: str, **parts: str) -> Path:
    """Write a .docx with this body and further parts (numbering, styles, footnotes), all raw XML; return its path."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("_rels/.rels", _links({"officeDocument": "word/document.xml"}))
        archive.writestr("word/_rels/document.xml.rels", _links({name: f"{name}.xml" for name in parts}))
        for name, xml in {"document": f"<w:body>{body}</w:body>", **parts}.items():
            root = _ROOTS[name]
            archive.writestr(f"word/{name}.xml", f"<{root} {_NAMESPACES}>{xml}</{root}>")
    return path


def _links(targets: dict[str, str]) -> str:
    links = (
        f'<Relationship Id="r{kind}" Type="{_OFFICE}/{kind}" Target="{target}"/>' for kind, target in targets.items()
    )
    return f'<Relationships xmlns="{_RELATIONS}">{"".join(links)}</Relationships>'


def p(text: str = "", properties: str = "", extra: str = "") -> str:
    """Return a paragraph."""
    return f"<w:p><w:pPr>{properties}</w:pPr><w:r><w:t>{text}</w:t></w:r>{extra}</w:p>"


def numbered(text: str, level: int = 0, num: int = 1) -> str:
    """Return an automatically numbered paragraph."""
    return p(text, f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{num}"/></w:numPr>')


def level(number: int, form: str, text: str, extra: str = "", start: int = 1) -> str:
    """Return the definition of a list level."""
    return (
        f'<w:lvl w:ilvl="{number}"><w:start w:val="{start}"/><w:numFmt w:val="{form}"/>{extra}'
        f'<w:lvlText w:val="{text}"/></w:lvl>'
    )


def numbering(*levels: str, nums: str = '<w:num w:numId="1"><w:abstractNumId w:val="7"/></w:num>') -> str:
    """Return a numbering part with one abstract list, which num 1 uses unless ``nums`` says otherwise."""
    return f'<w:abstractNum w:abstractNumId="7">{"".join(levels)}</w:abstractNum>{nums}'
