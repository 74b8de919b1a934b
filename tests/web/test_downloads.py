"""A list as a file from the page: one tap, a name that says what is in it, and the page stays as it was."""

from __future__ import annotations

import io
from urllib.parse import quote

import docx
import openpyxl

from bot.channels.web.limits import QUESTION_CHARACTERS
from bot.conversation.answerer import Answerer
from bot.store.database import Store
from tests.web.reading import reading


async def test_a_list_is_downloaded(store: Store, answerer: Answerer) -> None:
    """导出 below a list, also below one that was opened by its address, is a workbook of that list."""
    async with reading(store, answerer) as reader:
        for address in ("/?q=巴南区教委负责什么", "/u/巴南 区教委"):
            await reader.open(address)
            file = await reader.client.get(reader.links()["导出"])
            assert file.status_code == 200
            assert file.headers["content-disposition"].endswith(quote("巴南区 区教委 6项.xlsx"))
            sheet = openpyxl.load_workbook(io.BytesIO(file.content)).worksheets[0]
            assert sheet["A1"].value == "巴南区：区教委 6项"


async def test_a_question_may_ask_for_it(store: Store, answerer: Answerer) -> None:
    """What is typed for a file brings the file, as Word where that is said."""
    async with reading(store, answerer) as reader:
        file = await reader.client.get("/?q=渝中区主要指标，发我Word")
    assert len(docx.Document(io.BytesIO(file.content)).tables) == 1
    assert file.headers["x-content-type-options"] == "nosniff"


async def test_what_is_no_list_is_told(store: Store, answerer: Answerer) -> None:
    """An answer without a list has no link; an address made up by hand leads to a page that says why."""
    async with reading(store, answerer) as reader:
        await reader.open("/?q=你好")
        assert "导出" not in reader.links()
        await reader.open("/?q=导出")
        assert "没有上一个问题" in reader.text
        for address in ("/file?q=区教委负责什么", "/file", "/file?q=" + "委" * (QUESTION_CHARACTERS + 1)):
            assert (await reader.client.get(address)).status_code == 404
