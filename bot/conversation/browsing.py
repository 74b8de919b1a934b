"""What is looked through instead of asked: a plan, a district's plans, lists; by the names that addresses hold."""

from __future__ import annotations

from bot.answering.addressed import AddressKind, Ref
from bot.answering.contents import Contents, contents_of
from bot.answering.listings import Listing, list_of, plans_of_district
from bot.conversation.answerer import Answerer


def open_plan(answerer: Answerer, name: str) -> Contents | None:
    """Return a plan by its id, its title, or its district where that has no other."""
    shelf = answerer.shelf
    district = answerer.reader.names.districts.get(name, name)
    found = [meta.id for meta in shelf.metas if name in (meta.id, meta.title)]
    found = found or [meta.id for meta in shelf.metas if meta.district == district]
    return contents_of(shelf, shelf.plan(found[0]), answerer.today) if len(found) == 1 else None


def open_district(answerer: Answerer, name: str) -> Listing | None:
    """Return the plans of a district by its name or its short name."""
    district = answerer.reader.names.districts.get(name, name)
    return plans_of_district(answerer.shelf, district) if district in answerer.shelf.districts else None


def open_list(answerer: Answerer, kind: AddressKind, wanted: str, page: int) -> Listing:
    """Return a page of the list of a kind, of those that hold ``wanted`` in their name."""
    return list_of(answerer.shelf, kind, wanted, page)


def named(answerer: Answerer, kind: AddressKind, wanted: str) -> Ref | None:
    """Return what is called exactly ``wanted``, for who has chosen it from what was offered."""
    shelf = answerer.shelf
    if kind in (AddressKind.PLAN, AddressKind.DISTRICT):
        if wanted in shelf.districts:
            return Ref(AddressKind.DISTRICT, wanted)
        return next((Ref(AddressKind.PLAN, meta.id) for meta in shelf.metas if meta.title == wanted), None)
    return Ref(AddressKind.UNIT, wanted) if kind is AddressKind.UNIT and shelf.has_unit(wanted) else None
