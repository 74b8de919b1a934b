"""What a snapshot is made of, whatever keeps it: a catalogue, a word index, vectors."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Protocol

from index.catalogue import Catalogue
from index.filters import Filters

if TYPE_CHECKING:
    from index.manifest import DenseSide
    from index.models.base import Vectors

MOST_HOLDING = 50
"""Clauses that hold all of a phrase's parts, of which one is looked for that holds it whole."""


class Lexical(Protocol):
    """BM25 over tokens; rows are numbers of clauses over all plans."""

    def search(
        self, tokens: Sequence[str], filters: Filters, limit: int, expansions: Sequence[str] = ()
    ) -> dict[int, float]:
        """Return BM25 scores by row of the ``limit`` best rows that hold any of the tokens; expansions count half.

        The best comes first.
        """

    def weights(self, words: Iterable[str]) -> dict[str, float]:
        """Return each word's weight (idf); one that stands nowhere weighs most."""

    def knows(self, token: str, districts: Sequence[str] = (), *, outside: bool = False) -> bool:
        """Whether a token stands in a clause of the districts (of any for none); ``outside``: of all the others."""

    def may_hold(self, tokens: Iterable[str]) -> bool:
        """Whether each of the tokens may stand in a clause, quickly; False is certain."""

    def begins(self, prefix: str) -> bool:
        """Whether some token begins so."""

    def holding(self, tokens: Sequence[str], districts: Sequence[str], *, outside: bool = False) -> list[int]:
        """Return some rows of the districts (of any for none) that hold every token, in any order."""

    def share(self, token: str, kind: str) -> float:
        """Return the share of a kind's clauses that hold a token."""


class Backend(Protocol):
    """One state of all plans, opened for reading; nothing that is heavy is loaded before its first use."""

    @property
    def catalogue(self) -> Catalogue:
        """The plans."""

    @property
    def lexical(self) -> Lexical:
        """The index of words."""

    @property
    def generation(self) -> int:
        """Number of this state where one index goes through many; 0 where each state is an index of its own."""

    @property
    def sources(self) -> Mapping[str, str]:
        """What each plan was read from, and what tells one state of that from another."""

    @property
    def built_at(self) -> float:
        """When it was last changed, Unix seconds."""

    @property
    def dense(self) -> DenseSide | None:
        """The model behind the vectors; None where there are none."""

    @property
    def failure(self) -> str:
        """Why there are no vectors."""

    @property
    def centroid(self) -> Vectors:
        """The mean vector of all clauses."""

    def dictionary(self) -> Iterable[str]:
        """Return the corpus's own words."""

    def likeness(self, vector: Vectors, rows: Sequence[int]) -> dict[int, float]:
        """Return the cosine of each of these rows with a question; none for a row without vectors."""

    def nearest(self, vector: Vectors, filters: Filters, limit: int) -> dict[int, float]:
        """Return the cosines by row of the ``limit`` clauses nearest to a question that pass the filters."""
