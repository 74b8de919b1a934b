"""Numbered items that are one clause: below a heading with the label, or sharing the label of the last one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from corpus.offices.responsibility import find, only_units, whole_line
from corpus.structure.outline import OutlineItem, is_title

_SHORTEST_BRACKET = 4
_UPPER = 1
"""Items this deep or less (一、) never share a label below them."""


def gather(items: Sequence[OutlineItem]) -> tuple[OutlineItem, ...]:
    """Return the items with those that belong to one clause joined under the outermost of them."""
    done: list[OutlineItem] = []
    at = 0
    while at < len(items):
        end = _end(items, at)
        if end > at + 1 and (_heads_label(items[at], items[at + 1 : end]) or _shares(items[at], items[at + 1 : end])):
            below = tuple(paragraph for item in items[at + 1 : end] for paragraph in item.paragraphs)
            done.append(replace(items[at], paragraphs=(*items[at].paragraphs, *below), has_children=False))
            at = end
        else:
            done.append(items[at])
            at += 1
    return tuple(done)


def _end(items: Sequence[OutlineItem], at: int) -> int:
    """Return the index behind the last item below the one at ``at``."""
    depth = len(items[at].marks)
    end = at + 1
    while depth and end < len(items) and len(items[end].marks) > depth:
        end += 1
    return end


def labelled(item: OutlineItem) -> bool:
    """Whether a statement of responsibility stands in one of the item's paragraphs."""
    return any(find(paragraph.text) or whole_line(paragraph.text) for paragraph in item.paragraphs)


def _heads_label(head: OutlineItem, below: Sequence[OutlineItem]) -> bool:
    """Whether a heading carries units and what stands below it names none."""
    if any(map(labelled, below)):
        return False
    text = head.paragraphs[0].text.removeprefix(head.marks[-1].printed).strip()
    if only_units(text):
        return True
    labels = find(text)
    bare = text[: labels[0].start] if labels else text
    own = bool(labels) or (len(head.paragraphs) > 1 and whole_line(head.paragraphs[1].text) is not None)
    return own and is_title(bare.strip("。 　"))


def _shares(head: OutlineItem, below: Sequence[OutlineItem]) -> bool:
    """Whether the items below are parts of one paragraph whose label stands behind the last of them."""
    depth = len(head.marks) + 1
    if labelled(head) or any(len(item.marks) != depth for item in below):
        return False
    if any(map(_closed, below[:-1])):
        return False
    lower = all(item.marks[-1].lower or (depth > _UPPER + 1 and item.marks[-1].kind == "arabic") for item in below)
    return lower and len(below) > 1 and labelled(below[-1]) and not any(map(labelled, below[:-1]))


def _closed(item: OutlineItem) -> bool:
    """Whether an item ends with a bracket of its own: whatever that says, it is the end of what the item shares."""
    text = item.paragraphs[-1].text.rstrip("。．；;，, \u3000")
    return text.endswith(tuple("）)】〕]")) and len(text) - max(map(text.rfind, "（(【〔[")) > _SHORTEST_BRACKET
