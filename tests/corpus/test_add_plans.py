"""An office brings its own plan: added after a look, listed, compared, taken away, and never half there."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from corpus.commands.cli import app
from corpus.library.shipped import load_plans

PLAN = """江东省河口县人民政府办公室关于印发河口县教育发展行动方案（2024—2026年）的通知

各乡镇人民政府，县级各部门：

《河口县教育发展行动方案（2024—2026年）》已经县政府同意，现印发给你们。

江东省河口县人民政府办公室
2024年3月1日

河口县教育发展行动方案（2024—2026年）

一、建设学校

（一）到2026年，新建中学3所。（责任单位：县教育局、县财政局、县校舍建设服务队）

（二）培训教师，每年培训200名。（责任单位：县教育局、县财政局、县校舍建设服务总队）
"""


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Stand in an empty folder that keeps the data."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("WENCE_DATA_DIR", str(tmp_path / "var"))
    (tmp_path / "教育.txt").write_text(PLAN, encoding="utf-8")
    return tmp_path


def corpus(*words: str, answer: str = "") -> Result:
    """Run a command of the corpus as a person does."""
    return CliRunner().invoke(app, list(words), input=answer)


def ids(home: Path) -> list[str]:
    """Return the ids of the plans that a bot with this data would load."""
    return [plan.meta.id for plan in load_plans(home / "var/plans")]


def test_a_plan_is_reported_asked_about_and_added(home: Path) -> None:
    """The report says what was read and which names to confirm; yes adds the plan for the bot."""
    result = corpus("add", "教育.txt", answer="y\n")
    assert result.exit_code == 0
    for told in (
        "河口县教育发展行动方案（2024—2026年）",
        "河口县",
        "2024-03-01",
        "2024—2026",
        "任务 2 条",
        "县校舍建设服务队",
    ):
        assert told in result.stdout
    assert "“县校舍建设服务队”与“县校舍建设服务总队”相近" in result.stdout
    assert ids(home) == ["banan", "yuzhong", "教育"]


@pytest.mark.parametrize("answer", ["n\n", "\n", ""])
def test_without_a_yes_nothing_is_added(home: Path, answer: str) -> None:
    """No, just return, and no terminal at all leave everything as it was."""
    result = corpus("add", "教育.txt", answer=answer)
    assert result.exit_code == 1
    assert "没有添加" in result.output
    assert ids(home) == ["banan", "yuzhong"]


def test_the_same_file_is_not_added_twice(home: Path) -> None:
    """A second time tells that the plan is there."""
    corpus("add", "教育.txt", "--yes")
    assert "已经添加过" in corpus("add", "教育.txt", "--yes").output
    assert ids(home) == ["banan", "yuzhong", "教育"]


def test_a_new_version_shows_its_changes_and_takes_the_old_one_s_place(home: Path) -> None:
    """The same title in the same district is a new version: what changed is shown first."""
    corpus("add", "教育.txt", "--yes")
    (home / "新版.txt").write_text(
        PLAN.replace("3所", "5所").replace("县财政局、县校舍建设服务队", "县住建局"), encoding="utf-8"
    )
    result = corpus("add", "新版.txt", "--yes")
    assert "增加单位 县住建局" in result.stdout
    assert "减少单位 县财政局、县校舍建设服务队" in result.stdout
    assert "新建中学5所" in result.stdout
    assert ids(home) == ["banan", "yuzhong", "教育"]
    assert "5所" in load_plans(home / "var/plans")[2].clauses[-2].text


def test_what_the_person_says_goes_before_the_document(home: Path) -> None:
    """Options fill in or correct what was read, and the date is checked."""
    options = ["--district", "巴南区", "--title", "教育方案", "--issued", "2024-04-01", "--id", "edu"]
    assert corpus("add", "教育.txt", "--yes", *options).exit_code == 0
    listed = corpus("list").stdout.splitlines()[-1]
    for told in ("edu", "巴南区", "教育方案", "2024-04-01", "教育.txt"):
        assert told in listed
    assert corpus("add", "教育.txt", "--issued", "2024-13-01").exit_code == 2


def test_a_second_plan_of_a_district_keeps_the_ids_of_the_first(home: Path) -> None:
    """Clause ids say which plan they mean where a district has two, and references follow."""
    corpus("add", "教育.txt", "--yes", "--district", "巴南区")
    plans = load_plans(home / "var/plans")
    names = [clause.id for plan in plans for clause in plan.clauses]
    assert len(names) == len(set(names))
    assert plans[0].clauses[0].id.startswith("巴南 ")
    assert all(clause.id.startswith("巴南·教育 ") for clause in plans[2].clauses)
    assert {other for clause in plans[2].clauses for other in clause.counterparts} <= set(names)


def test_a_document_that_does_not_say_where_it_holds_asks_for_the_district(home: Path) -> None:
    """One line names the option to give."""
    (home / "无名.txt").write_text("教育方案\n一、建校。（责任单位：教育局）\n", encoding="utf-8")
    result = corpus("add", "无名.txt", "--yes")
    assert result.exit_code == 1
    assert "--district" in result.output
    assert corpus("add", "无名.txt", "--yes", "--district", "河口县").exit_code == 0


def test_an_unreadable_file_is_one_line(home: Path) -> None:
    """No traceback, whatever is handed over."""
    (home / "坏.docx").write_bytes(b"PK\3\4")
    for name in ("坏.docx", "没有.txt"):
        result = corpus("add", name, "--yes")
        assert result.exit_code == 1
        assert len(result.output.strip().splitlines()) == 1


def test_a_plan_is_shown_and_removed_and_the_shipped_ones_stay(home: Path) -> None:
    """Show lists clauses with units and targets; remove asks, and takes away only what was added."""
    corpus("add", "教育.txt", "--yes")
    assert "县教育局、县财政局" in corpus("show", "教育").stdout
    assert corpus("remove", "教育", answer="n\n").exit_code == 1
    assert corpus("remove", "教育", answer="y\n").exit_code == 0
    assert "自带" in corpus("remove", "banan", "--yes").output
    assert "没有编号为 教育 的方案" in corpus("show", "教育").output
    assert ids(home) == ["banan", "yuzhong"]


def test_two_versions_are_compared_as_files_or_by_id(home: Path) -> None:
    """Diff tells new, gone and changed clauses."""
    corpus("add", "教育.txt", "--yes")
    changed = PLAN.replace("200名", "300名") + "\n（三）改善食堂，建成食堂20个。（责任单位：县教育局）\n"
    (home / "新版.txt").write_text(changed, encoding="utf-8")
    lines = corpus("diff", "教育", "新版.txt").stdout
    assert "新增 一(三)：（三）改善食堂" in lines
    assert "改动 一(二)" in lines
    assert "没有变化" in corpus("diff", "教育", "教育.txt").stdout


KILLED = """
import os, signal, sys
from pathlib import Path
from corpus.commands.cli import app
{step} = lambda *_, **__: os.kill(os.getpid(), signal.SIGKILL)
app(["add", "新版.txt", "--yes"])
"""


@pytest.mark.parametrize("step", ["Path.replace", "os.fdopen", "Path.mkdir"])
def test_a_kill_while_adding_leaves_the_plans_as_they_were(home: Path, step: str) -> None:
    """Killed before, while or after writing, the old version is whole, and adding again works."""
    corpus("add", "教育.txt", "--yes")
    (home / "新版.txt").write_text(PLAN.replace("3所", "5所"), encoding="utf-8")
    root = Path(__file__).parent.parent.parent
    run = subprocess.run(
        [sys.executable, "-c", KILLED.format(step=step)],
        env=os.environ | {"PYTHONPATH": str(root)},
        capture_output=True,
        check=False,
    )
    assert run.returncode == -signal.SIGKILL
    assert "3所" in load_plans(home / "var/plans")[2].clauses[-2].text
    assert corpus("add", "新版.txt", "--yes").exit_code == 0
    assert "5所" in load_plans(home / "var/plans")[2].clauses[-2].text


def test_a_broken_plan_file_is_named(home: Path) -> None:
    """A file that was cut short by hand or by a disk is told, not guessed at."""
    corpus("add", "教育.txt", "--yes")
    (home / "var/plans/教育.json").write_text("{", encoding="utf-8")
    result = corpus("list")
    assert result.exit_code == 1
    assert "教育.json" in result.output


def test_a_plan_that_ends_another_names_it(home: Path) -> None:
    """A notice that puts an older plan out of force (同时废止) says which added plan that is; both stay until asked."""
    corpus("add", "教育.txt", "--yes")
    (home / "新.txt").write_text(
        "江东省河口县教育提质实施方案（2027—2029年）\n一、任务\n（一）新建小学2所。（责任单位：县教育局）\n二、附则\n"
        "本方案自印发之日起施行，《河口县教育发展行动方案（2024—2026年）》同时废止。\n",
        encoding="utf-8",
    )
    told = corpus("add", "新.txt", "--district", "河口县", "--yes").stdout
    assert "文件写明《河口县教育发展行动方案（2024—2026年）》同时废止" in told
    assert "remove 教育" in told
    assert ids(home)[-2:] == ["教育", "新"]


def test_the_report_measures_what_is_understood(home: Path) -> None:
    """Its last line tells the shares and where to look first; what is not understood is listed above, in Chinese."""
    (home / "乱.txt").write_text(
        "河口县若干事项\n一、任务\n（一）修路。（责任单位：县交通局）\n（二）办学。（责任单位：县教育局、适用全县范围内）\n"
        "附表\n甲\t乙\n天\t地\n",
        encoding="utf-8",
    )
    told = corpus("add", "乱.txt", "--yes").stdout.splitlines()
    measure = next(line for line in told if line.startswith("读懂的程度："))
    assert "没看懂，先看第" in measure
    assert any("表头看不懂" in line and "第 6—7 段" in line for line in told)
    assert any("不像单位名称" in line and "适用全县范围内" in line for line in told)
    assert "文件里没有写明：发文机关、印发日期、起止年份" in told
    assert not any(word in "".join(told) for word in ("table", "row", "unit"))


def test_a_plan_keeps_where_it_was_published(home: Path) -> None:
    """The address that is given stands in the report and with the plan; what is none is refused in Chinese."""
    assert "应为完整的网址" in corpus("add", "教育.txt", "--url", "example").output
    result = corpus("add", "教育.txt", "--yes", "--url", "https://www.example.gov.cn/1.html")
    assert "来源网址：https://www.example.gov.cn/1.html" in result.output
    assert [plan.meta.url for plan in load_plans(home / "var/plans")][-1] == "https://www.example.gov.cn/1.html"


def test_a_district_is_kept_by_its_whole_name(home: Path) -> None:
    """万州 would be another place than 万州区: it is asked for, or taken from the plans that are there."""
    (home / "万州.txt").write_text("教育行动方案\n\n一、建校。（责任单位：区教委）\n", encoding="utf-8")
    refused = corpus("add", "万州.txt", "--yes", "--district", "万州")
    assert (refused.exit_code, "万州区" in refused.output) == (1, True)
    told = corpus("add", "万州.txt", "--yes", "--district", "万州区")
    assert told.output.count("印发日期") == 1
    assert "区县：渝中区" in corpus("add", "教育.txt", "--yes", "--district", "渝中").output
    (line,) = [one for one in corpus("list").output.splitlines() if one.startswith("万州")]
    assert "没有写明印发日期" in line
