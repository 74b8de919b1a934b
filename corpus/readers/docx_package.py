"""The parts of a .docx that carry text, out of its zip and through a parser that nothing can blow up.

python-docx loads every part and stops at a package with one dangling relationship, as some office programs write
them; only the five parts below are read here.  Layout: ECMA-376 part 2 (OPC) and part 1, chapter 11.
"""

from __future__ import annotations

import posixpath
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path

from lxml import etree

from corpus.readers.document import ReadError
from corpus.readers.limits import MB, XML_PART_MB

Element = etree._Element  # noqa: SLF001 - lxml has no public name for it
BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError, ValueError)
"""What zipfile lets out of a damaged archive."""
_MAIN = "word/document.xml"


@dataclass(frozen=True, slots=True)
class Package:
    """Root elements of the parts; None for a part that the document has not."""

    body: Element
    numbering: Element | None
    styles: Element | None
    footnotes: Element | None
    endnotes: Element | None


def local(element: Element) -> str:
    """Return an element's name without its namespace, in which strict OOXML differs; empty for a comment."""
    return etree.QName(element).localname if isinstance(element.tag, str) else ""


def value(element: Element | None, name: str = "val") -> str:
    """Return the attribute ``w:NAME``, whatever the namespace; empty when it, or the element, is not there."""
    attributes = element.attrib.items() if element is not None else ()
    return next((str(text) for key, text in attributes if str(key).rpartition("}")[2] == name), "")


def child(element: Element | None, *path: str) -> Element | None:
    """Return the first child with the local name, or the descendant along a path of them; None when not there."""
    for name in path:
        element = next((node for node in element if local(node) == name), None) if element is not None else None
    return element


def open_package(path: Path) -> Package:
    """Return the parts of the .docx at ``path``; ReadError when it is damaged, encrypted or a zip bomb."""
    try:
        with zipfile.ZipFile(path) as archive:
            return _parts(archive, path.name)
    except BROKEN as error:
        raise ReadError("damaged", name=path.name, form="docx") from error


def _parts(archive: zipfile.ZipFile, name: str) -> Package:
    root = xml_part(archive, "_rels/.rels", name)
    main = _target(root, "officeDocument", "") or _MAIN
    folder, base = posixpath.split(main)
    links = xml_part(archive, f"{folder}/_rels/{base}.rels", name)
    document = xml_part(archive, main, name)
    body = child(document, "body")
    if body is None:
        raise ReadError("damaged", name=name, form="docx")
    parts = ("numbering", "styles", "footnotes", "endnotes")
    return Package(body, *(xml_part(archive, _target(links, part, folder), name) for part in parts))


def _target(relationships: Element | None, kind: str, folder: str) -> str:
    for link in relationships if relationships is not None else ():
        if value(link, "Type").endswith(f"/{kind}"):
            return posixpath.normpath(posixpath.join("/", folder, value(link, "Target"))).lstrip("/")
    return ""


def xml_part(archive: zipfile.ZipFile, part: str, name: str, form: str = "docx") -> Element | None:
    """Return the root of a part of the package ``name``, None when it has no such part; ReadError when damaged."""
    if part not in archive.namelist():
        return None
    info = archive.getinfo(part)
    if info.file_size > XML_PART_MB * MB:
        raise ReadError("bomb", name=name, limit=XML_PART_MB)
    if info.flag_bits & 1:
        raise ReadError("encrypted", name=name)
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True)
    try:
        return etree.fromstring(archive.read(info), parser)
    except etree.XMLSyntaxError as error:
        raise ReadError("damaged", name=name, form=form) from error
