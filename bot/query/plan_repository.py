"""The parsed plans, looked up by what a question names: a unit, a clause, an indicator, a district.

Plans are opened when they are asked for, and those asked for last are kept. Many threads may read at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property, lru_cache, partial

from bot.query.titles import short_title
from corpus.assembly.ids import short_district
from corpus.model import Clause, Indicator, PlanMeta, Unit
from corpus.offices.units import includes
from index.catalogue import KEPT_PLANS, Catalogue, OpenPlan, Tally

FEW = 12
"""Districts that an answer can cover side by side; of more, a list asks for one of them."""

_MOST_TASKS, _LONGEST_SUBJECT = 0.3, 6
"""Share of a plan's tasks that hold what the plan is about, and the characters of the longest such word."""


class PlanRepository:
    """Every plan with the look-ups that answers need."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._open = lru_cache(KEPT_PLANS)(partial(OpenPlan, catalogue))
        self._subjects = lru_cache(KEPT_PLANS)(self._subjects_of)

    @property
    def catalogue(self) -> Catalogue:
        """What the plans are read from."""
        return self._catalogue

    @property
    def districts(self) -> tuple[str, ...]:
        """Districts with a plan, in the order of the plans."""
        return self._catalogue.districts

    def is_wide(self, districts: Sequence[str]) -> bool:
        """Whether so many districts are meant (all of them for none) that an answer can't show them side by side."""
        return len(districts or self.districts) > FEW

    @property
    def plans(self) -> Iterator[OpenPlan]:
        """Every plan in order, one after the other."""
        return map(self._open, self._catalogue.plan_ids())

    @cached_property
    def metas(self) -> tuple[PlanMeta, ...]:
        """What every plan says about itself, in order; of many plans some hundred bytes each."""
        return tuple(self._catalogue.header(one).meta for one in self._catalogue.plan_ids())

    def plan(self, plan_id: str) -> OpenPlan:
        """Return a plan by its id."""
        return self._open(plan_id)

    def plans_of(self, districts: Iterable[str]) -> tuple[OpenPlan, ...]:
        """Return the plans of the districts; all of them for none."""
        return tuple(map(self._open, self._catalogue.plan_ids(tuple(districts))))

    def plans_with(self, clauses: Iterable[Clause]) -> tuple[OpenPlan, ...]:
        """Return the plans that the clauses stand in, in the order of the plans."""
        wanted = {clause.plan: clause.district for clause in clauses}
        ids = self._catalogue.plan_ids(tuple(dict.fromkeys(wanted.values()))) if wanted else ()
        return tuple(self._open(one) for one in ids if one in wanted)

    def clause(self, clause_id: str) -> Clause | None:
        """Return a clause by its id."""
        return self._catalogue.find((clause_id,)).get(clause_id)

    def indicator(self, clause: Clause) -> Indicator:
        """Return the row of an indicator table that a clause stands for."""
        return self._open(clause.plan).indicator(clause.id)

    def has_unit(self, key: str) -> bool:
        """Whether some plan's directory has the unit."""
        return key in self._keys

    @property
    def keys(self) -> Iterable[str]:
        """Keys of all units, in the order of the plans."""
        return self._keys

    @cached_property
    def forms(self) -> tuple[tuple[str, str], ...]:
        """Every name of a unit with the key of the unit it may mean."""
        return tuple(self._catalogue.forms())

    @cached_property
    def _keys(self) -> dict[str, None]:
        return dict.fromkeys(key for _, key in self.forms)

    def unit_name(self, key: str) -> str:
        """Return what the first plan that has a unit calls it."""
        for tally in self._catalogue.tallies(key)[:1]:
            unit = self._open(tally.plan).unit(key)
            return unit.name if unit else ""
        return ""

    def printed(self, key: str) -> tuple[str, ...]:
        """Return the forms in which the first plans that have a unit print it."""
        units = (self._open(tally.plan).unit(key) for tally in self._catalogue.tallies(key)[:FEW])
        return tuple(form for unit in units if unit for form in unit.printed)

    def tallies(self, key: str) -> tuple[Tally, ...]:
        """Return every plan that has a unit, with the number of clauses that name it."""
        return self._catalogue.tallies(key)

    def collectives_with(self, plan: OpenPlan, name: str) -> tuple[Unit, ...]:
        """Return the plan's collectives that include a unit called ``name``."""
        return tuple(unit for unit in plan.units if includes(unit, name))

    def is_included(self, name: str) -> bool:
        """Whether some plan's collective includes a unit called ``name``."""
        return any(includes(unit, name) for unit in self._collectives)

    @cached_property
    def _collectives(self) -> tuple[Unit, ...]:
        return self._catalogue.collectives()

    def counterparts(self, clause: Clause) -> tuple[Clause, ...]:
        """Return the clauses that say the same in the other place."""
        return self._open(clause.plan).find(clause.counterparts) if clause.counterparts else ()

    def find(self, clause_ids: Sequence[str]) -> tuple[Clause, ...]:
        """Return the clauses with these ids, without those that there are not."""
        found = self._catalogue.find(clause_ids)
        return tuple(found[one] for one in clause_ids if one in found)

    def short(self, plan: OpenPlan) -> str:
        """Return the short name of a plan's district (巴南); with that of the plan where the district has several."""
        return self._with_plan(plan, short_district(plan.meta))

    def name(self, plan: OpenPlan) -> str:
        """Return a plan's district (巴南区); with the short name of the plan where the district has several."""
        return self._with_plan(plan, plan.meta.district)

    def _with_plan(self, plan: OpenPlan, district: str) -> str:
        beside = self._catalogue.plan_ids((plan.meta.district,))
        if len(beside) < 2:
            return district
        own = short_title(plan.meta)
        others = {short_title(self._open(one).meta) for one in beside if one != plan.meta.id}
        return f"{district}·{plan.meta.id if own in others else own}"

    def base_years(self, districts: Sequence[str]) -> frozenset[int]:
        """Return the years that the districts' plans start from: the first column of an indicator table.

        None where more districts are meant than can be looked through.
        """
        if self.is_wide(districts):
            return frozenset()
        rows = (row for plan in self.plans_of(districts) for row in plan.indicators)
        return frozenset(row.values[0][0] for row in rows if len(row.values) > 1)

    def subjects(self, districts: Sequence[str]) -> frozenset[str]:
        """Return what the districts' plans are about: words of their titles that most of their tasks hold."""
        if self.is_wide(districts):
            return frozenset()
        return frozenset().union(*(self._subjects(plan.meta.id) for plan in self.plans_of(districts)))

    def _subjects_of(self, plan_id: str) -> frozenset[str]:
        plan = self._open(plan_id)
        title, texts = plan.meta.title, [task.text for task in plan.tasks]
        found = {
            run
            for size in range(2, _LONGEST_SUBJECT + 1) for at in range(len(title) - size + 1)
            if sum((run := title[at : at + size]) in text for text in texts) > _MOST_TASKS * len(texts)
        }  # fmt: skip
        return frozenset(found | {title})
