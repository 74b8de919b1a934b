"""The real model, made once a session, and two small plans on one subject."""

from __future__ import annotations

from copy import copy
from functools import partial
from pathlib import Path

import pytest

from corpus.library.shipped import PlanSource
from corpus.model import Clause, ClauseKind, Place, Plan, PlanMeta, Unit, UnitRef
from index.build import ready
from index.encoder import Encoder
from index.models.default.model import write_weights
from index.models.default.trained import read_trained
from index.snapshot import Snapshot

TEXTS = {
    "建设中医馆": ("到2027年，全区建成中医馆24个，配备中医师。每个中医馆都要设置中药房。", ("区卫生健康委", "区教委")),
    "保护古籍": ("开展中医药古籍编目、修复和数字化工作，支持民间博物馆收藏。", ("区文化旅游委",)),
    "设置隔离病区": ("区中医院规范设置感染性疾病科室和隔离病区。", ("区卫生健康委",)),
    "培养人才": ("健全高年资中医医师带徒制度，培育一批名中医。", ("区人力社保局", "区教委")),
    "种植药材": ("支持藏红花、石斛、黄精等中药材的种植。", ("区农业农村委",)),
}


def make_plan(district: str) -> Plan:
    """Return a plan of five clauses, the same in every district but for its name."""
    clauses = tuple(
        Clause(
            id=f"{district[:-1]} {number}",
            kind=ClauseKind.TASK if number > 1 else ClauseKind.TEXT,
            plan=district,
            district=district,
            place=Place.BODY,
            number=str(number),
            path=("一、重点任务", title),
            title=title,
            text=f"{number}.{text}（责任单位：{'、'.join(units)}）",
            body=text,
            line=number,
            units=tuple(UnitRef(unit, unit) for unit in units),
        )
        for number, (title, (text, units)) in enumerate(TEXTS.items(), 1)
    )
    names = sorted({unit for _, units in TEXTS.values() for unit in units})
    directory = tuple(Unit(name, name, district, (name,), ()) for name in names)
    meta = PlanMeta(district, district, f"{district}方案", f"{district}人民政府", None, 2024, 2027)
    return Plan(meta, f"hash of {district}", clauses, (), directory, (), ())


@pytest.fixture(scope="session")
def plans() -> tuple[Plan, ...]:
    """Two districts with the same five clauses."""
    return make_plan("甲区"), make_plan("乙区")


@pytest.fixture(scope="session")
def model_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder in which the default model is made."""
    return tmp_path_factory.mktemp("models")


@pytest.fixture(scope="session")
def plain_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The default model as a sentence-transformers directory without a graph."""
    folder = tmp_path_factory.mktemp("e5-plain")
    write_weights(folder, read_trained())
    return folder


@pytest.fixture(scope="session")
def encoder(model_folder: Path) -> Encoder:
    """The default model, loaded: a question would wait for it only so long."""
    encoder = Encoder("", model_folder)
    encoder.load()
    return encoder


def sources_of(*plans: Plan) -> tuple[PlanSource, ...]:
    """Return the plans as what a snapshot is built from."""
    return tuple(
        PlanSource(plan.meta.id, plan.sha256, plan.meta, bare=True, read=partial(copy, plan)) for plan in plans
    )


@pytest.fixture
def sources(plans: tuple[Plan, ...]) -> tuple[PlanSource, ...]:
    """What a snapshot is built from."""
    return sources_of(*plans)


@pytest.fixture(scope="session")
def snapshot(tmp_path_factory: pytest.TempPathFactory, plans: tuple[Plan, ...], encoder: Encoder) -> Snapshot:
    """A snapshot of both plans with the default model."""
    return ready(tmp_path_factory.mktemp("index"), sources_of(*plans), encoder)


@pytest.fixture
def no_model(tmp_path: Path) -> Encoder:
    """An encoder whose model can't be had."""
    return Encoder(str(tmp_path / "no-model"), tmp_path)
