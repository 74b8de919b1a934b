"""The store keeps its promises on SQLite and on PostgreSQL alike."""

from __future__ import annotations

import asyncio
import gc
import random
import socket
import threading
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, func, select, text

from bot.query.chat_state import ChatState
from bot.settings import SettingError
from bot.store import tables
from bot.store.chats import Chats, ChatSettings
from bot.store.conversations import Conversation, Conversations
from bot.store.database import Store
from bot.store.inbox import FIRST_PAUSE, MAX_ATTEMPTS, MAX_COPIES, Inbox, InboxRow, Update
from bot.store.leases import Leases, held
from bot.store.shown import Screen, Shown, new_button
from bot.store.sql import epoch
from bot.store.tables import metadata


async def test_migrations_make_the_tables_that_the_code_uses(store: Store) -> None:
    """After all migrations nothing differs from the tables in the code."""

    def differences(connection: Connection) -> list[object]:
        return list(compare_metadata(MigrationContext.configure(connection), metadata))

    async with store.engine.connect() as connection:
        assert await connection.run_sync(differences) == []


async def test_two_replicas_migrate_at_once(database_url: str) -> None:
    """Replicas that start together on an empty database both find the newest tables."""
    stores = [Store(database_url) for _ in range(4)]
    await asyncio.gather(*(store.open() for store in stores))
    assert await Inbox(stores[-1], "echo").waiting(1) == []
    for store in stores:
        await store.close()


async def test_unreachable_database_names_its_setting_and_hides_the_password() -> None:
    """A database that can't be opened stops start-up in one line without the password."""
    store = Store("postgresql+psycopg://me:hunter22@127.0.0.1:1/none")
    with pytest.raises(SettingError, match="WENCE_DATABASE_URL") as caught:
        await store.open()
    assert "hunter22" not in str(caught.value)


async def test_a_database_that_never_answers_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """Something that takes connections and says nothing stops start-up in one line, too."""
    monkeypatch.setattr("bot.store.database._CONNECT_SECONDS", 2)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        store = Store(f"postgresql+psycopg://me:hunter22@127.0.0.1:{silent.getsockname()[1]}/none")
        with pytest.raises(SettingError, match="WENCE_DATABASE_URL"):
            await store.open()


@pytest.mark.parametrize("url", ["nonsense", "oracle+nothing://x/y"])
def test_database_url_of_no_known_kind_is_refused(url: str) -> None:
    """A URL that no driver knows names its setting."""
    with pytest.raises(SettingError, match="WENCE_DATABASE_URL"):
        Store(url)


def updates(*keys: str, conversation: str = "1") -> list[Update]:
    """Make updates of one conversation."""
    return [Update(key, conversation, f"payload {key}") for key in keys]


async def finish(store: Store, inbox: Inbox, key: str) -> None:
    """Mark an update as done in a transaction of its own."""
    async with store.begin() as tx:
        await inbox.done(key, tx)


async def test_an_update_sent_twice_waits_once(store: Store) -> None:
    """A duplicate is passed over, also after the first was answered."""
    inbox = Inbox(store, "echo")
    await inbox.accept(updates("1", "2"))
    await inbox.accept(updates("2", "3"))
    assert [row.key for row in await inbox.waiting(9)] == ["1", "2", "3"]
    await finish(store, inbox, "2")
    await inbox.accept(updates("2"))
    assert [row.key for row in await inbox.waiting(9)] == ["1", "3"]


async def test_channels_have_inboxes_of_their_own(store: Store) -> None:
    """The same key in two channels is two updates."""
    await Inbox(store, "a").accept(updates("1"))
    await Inbox(store, "b").accept(updates("1"))
    await finish(store, Inbox(store, "a"), "1")
    assert [row.key for row in await Inbox(store, "b").waiting(9)] == ["1"]


async def test_a_row_is_taken_by_one_worker_only(store: Store) -> None:
    """Of many who want to answer the same row one may."""
    inbox = Inbox(store, "echo")
    await inbox.accept(updates("1"))
    (row,) = await inbox.waiting(9)
    assert sorted(await asyncio.gather(*(inbox.take(row) for _ in range(5)))) == [False] * 4 + [True]
    assert await inbox.waiting(9) == []


async def test_a_done_row_holds_no_text(store: Store) -> None:
    """What people wrote is gone once it is answered."""
    inbox = Inbox(store, "echo")
    await inbox.accept(updates("1"))
    await finish(store, inbox, "1")
    async with store.begin() as tx:
        assert (await tx.execute(text("SELECT payload FROM inbox"))).scalars().all() == [""]


async def take(inbox: Inbox) -> InboxRow:
    """Take the first waiting row."""
    (row,) = await inbox.waiting(1)
    assert await inbox.take(row)
    return row


async def test_rows_of_a_crashed_worker_come_back(store: Store) -> None:
    """What was being answered at a crash is answered again and named."""
    inbox = Inbox(store, "echo")
    await inbox.accept(updates("1", "2"))
    await take(inbox)
    assert await inbox.recover() == ["1"]
    assert [(row.key, row.attempts) for row in await inbox.waiting(9)] == [("1", 1), ("2", 0)]


async def test_a_row_given_back_counts_no_attempt(store: Store) -> None:
    """A platform that was away for hours does not wear a row out."""
    inbox = Inbox(store, "echo")
    await inbox.accept(updates("1"))
    for _ in range(3):
        await inbox.give_back(await take(inbox))
    assert [row.attempts for row in await inbox.waiting(9)] == [0]


async def test_a_row_that_crashes_the_process_every_time_is_given_up(store: Store) -> None:
    """One poisonous update can't keep the bot from starting for ever."""
    inbox = Inbox(store, "echo")
    await inbox.accept(updates("1"))
    for number in range(MAX_ATTEMPTS):
        await take(inbox)
        await inbox.recover()
        # From the second crash on it waits, longer each time; another conversation does not.
        pause = await _pause(store)
        assert (pause > 0) == (0 < number < MAX_ATTEMPTS - 1)
        assert pause <= FIRST_PAUSE * 2 ** max(number - 1, 0)
        await _pass(store)
    assert MAX_ATTEMPTS < 10
    assert await inbox.waiting(9) == []


async def test_an_answer_that_a_crash_follows_each_time_goes_out_three_times(store: Store) -> None:
    """A crash before anything was sent again is no copy; after the third copy there is no further one."""
    inbox, copies = Inbox(store, "echo"), 1
    await inbox.accept(updates("1"))
    await take(inbox)
    await inbox.recover()
    for sent in (False, True, False, False, True, False):
        await _pass(store)
        if not await inbox.waiting(1):
            break
        await take(inbox)
        if sent:
            await inbox.sending("1")
            copies += 1
        await inbox.recover()
    assert copies == MAX_COPIES == 3
    await _pass(store)
    assert await inbox.waiting(1) == []


async def test_what_was_not_sent_is_no_copy(store: Store) -> None:
    """A platform that is away while an answer goes out once more wears nothing out."""
    inbox = Inbox(store, "echo")
    await inbox.accept(updates("1"))
    await take(inbox)
    await inbox.recover()
    for _ in range(4):
        row = await take(inbox)
        await inbox.sending("1")
        await inbox.give_back(row)
    assert [(row.attempts, row.copies) for row in await inbox.waiting(1)] == [(1, 0)]


async def test_a_row_that_waits_holds_its_conversation_alone(store: Store) -> None:
    """Later messages of its conversation keep their place behind it; others are answered."""
    inbox = Inbox(store, "echo")
    await inbox.accept([Update("1", "a", ""), Update("2", "a", ""), Update("3", "b", "")])
    for _ in range(2):
        await take(inbox)
        await inbox.recover()
    assert [row.key for row in await inbox.waiting(9)] == ["3"]
    await _pass(store)
    assert [row.key for row in await inbox.waiting(9)] == ["1", "2", "3"]


async def test_a_pause_from_a_clock_that_was_put_back_is_none(store: Store) -> None:
    """A time far ahead, left by a clock a day ahead, keeps nothing back."""
    inbox = Inbox(store, "echo")
    await inbox.accept(updates("1"))
    async with store.begin() as tx:
        await tx.execute(text("UPDATE inbox SET due_at = received_at + 86400"))
    assert [row.key for row in await inbox.waiting(9)] == ["1"]


async def _pause(store: Store) -> float:
    """Return for how long the only row waits at most."""
    async with store.read() as tx:
        query = select(func.max(tables.inbox.c.due_at - epoch())).where(tables.inbox.c.state == "new")
        return max(float((await tx.execute(query)).scalar() or 0.0), 0.0)


async def _pass(store: Store) -> None:
    """Let every pause be over."""
    async with store.begin() as tx:
        await tx.execute(text("UPDATE inbox SET due_at = 0"))


async def test_a_lease_that_ends_too_late_is_distrusted(store: Store) -> None:
    """One that a clock a day ahead has given out does not keep the channel from all others for a day."""
    one, two = Leases(store, "one"), Leases(store, "two")
    assert await one.acquire("telegram")
    assert await held(store, "telegram")
    async with store.begin() as tx:
        await tx.execute(text("UPDATE leases SET expires_at = expires_at + 86400"))
    assert not await held(store, "telegram")
    assert await two.acquire("telegram")
    assert not await one.acquire("telegram")


@pytest.mark.parametrize("how", ["a page", "the head", "cut", "text"])
async def test_a_damaged_file_is_named_at_the_start(tmp_path: Path, how: str) -> None:
    """A lightly and a badly damaged SQLite file are said to be damaged, and no setting is blamed."""
    file = tmp_path / "wence.db"
    store = Store(f"sqlite+aiosqlite:///{file}")
    await store.open()
    await Inbox(store, "echo").accept([Update(str(n), "a", "x" * 900) for n in range(200)])
    async with store.engine.connect() as connection:
        page = 4096
        query = "SELECT rootpage FROM sqlite_master WHERE name = 'uq_inbox_channel_key' OR name LIKE '%inbox_1'"
        index = (await connection.exec_driver_sql(query)).scalar()
    await store.close()
    whole = file.read_bytes()
    at = (int(index or 2) - 1) * page
    file.write_bytes(
        {
            "a page": whole[: at + 8] + b"\xff" * 200 + whole[at + 208 :],
            "the head": b"\0" * 100 + whole[100:],
            "cut": whole[: len(whole) // 2],
            "text": b"hello, I am no database at all" * 40,
        }[how]
    )
    again = Store(f"sqlite+aiosqlite:///{file}")
    with pytest.raises(SettingError, match="已损坏") as caught:
        await again.open()
    await again.close()
    assert "WENCE" not in str(caught.value)


async def test_flipped_bits_are_named_at_the_start_or_stop_nobody(tmp_path: Path) -> None:
    """A file that is whole but for a few bits is refused as damaged, or every row can be read and worked on."""
    file = tmp_path / "wence.db"
    url = f"sqlite+aiosqlite:///{file}"
    store = Store(url)
    await store.open()
    await Inbox(store, "echo").accept([Update(str(n), f"chat {n % 9}", "中医馆目标是多少" * 20) for n in range(200)])
    await store.close()
    whole, ends = file.read_bytes(), set()
    for seed in range(40):
        dice, data = random.Random(seed), bytearray(whole)
        for _ in range(4):
            data[dice.randrange(len(data))] ^= 1 << dice.randrange(8)
        file.write_bytes(data)
        again = Store(url)
        try:
            await again.open()
            rows = await Inbox(again, "echo").waiting(500)
            assert await Inbox(again, "echo").take(rows[-1])
            ends.add(str(len(rows)))
        except SettingError as error:
            ends.add(str(error).partition("已损坏")[1])
        await again.close()
    assert ends == {"已损坏", "200"}


async def test_old_rows_are_forgotten_but_not_waiting_ones(store: Store) -> None:
    """Purging removes what ended a week ago and nothing else."""
    inbox = Inbox(store, "echo")
    await inbox.accept(updates("1", "2", "3"))
    await finish(store, inbox, "1")
    async with store.begin() as tx:
        await tx.execute(text("UPDATE inbox SET received_at = received_at - 8 * 86400"))
    await finish(store, inbox, "2")
    await inbox.accept(updates("4"))
    await finish(store, inbox, "4")
    await inbox.purge()
    async with store.begin() as tx:
        assert (await tx.execute(text("SELECT key FROM inbox ORDER BY key"))).scalars().all() == ["3", "4"]


async def test_a_lease_has_one_holder_until_it_is_released(store: Store) -> None:
    """Another replica gets the lease only when it was given back."""
    one, two = Leases(store, "one"), Leases(store, "two")
    assert await one.acquire("telegram")
    assert not await two.acquire("telegram")
    assert await two.acquire("wecom")
    assert await one.acquire("telegram")
    await two.release("telegram")
    assert not await two.acquire("telegram")
    await one.release("telegram")
    assert await two.acquire("telegram")


async def test_a_lease_that_ran_out_passes_to_another(store: Store) -> None:
    """A replica that died holds a lease no longer than its time, and then can't renew it."""
    one, two = Leases(store, "one"), Leases(store, "two")
    assert await one.acquire("telegram", seconds=-0.001)
    assert await two.acquire("telegram")
    assert not await one.acquire("telegram")


async def test_a_conversation_remembers_its_state_per_person(store: Store) -> None:
    """What one person asked in a group does not reach another."""
    talks = Conversations(store)
    mine, yours = Conversation("telegram", "-1", "7"), Conversation("telegram", "-1", "8")
    async with store.begin() as tx:
        await talks.save(mine, ChatState(query="a"), tx)
        await talks.save(mine, ChatState(query="b", page=2), tx)
    assert await talks.load(mine) == ChatState(query="b", page=2)
    assert await talks.load(yours) == ChatState()


async def test_old_conversations_are_forgotten(store: Store) -> None:
    """What was asked long ago in one channel is deleted; another channel's stays."""
    talks = Conversations(store)
    mine, yours = Conversation("telegram", "1"), Conversation("wecom", "1")
    async with store.begin() as tx:
        await talks.save(mine, ChatState(query="a"), tx)
        await talks.save(yours, ChatState(query="b"), tx)
    await talks.forget("telegram", days=1)
    assert await talks.load(mine) == ChatState(query="a")
    await talks.forget("telegram", days=-1)
    assert await talks.load(mine) == ChatState()
    assert await talks.load(yours) == ChatState(query="b")


async def test_a_failed_transaction_keeps_nothing(store: Store) -> None:
    """When an answer can't be finished, neither its state nor the row's end is kept."""
    inbox, talks = Inbox(store, "telegram"), Conversations(store)
    await inbox.accept(updates("1"))

    async def crash_at_the_end() -> None:
        async with store.begin() as tx:
            await talks.save(Conversation("telegram", "1"), ChatState(query="a"), tx)
            await inbox.done("1", tx)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await crash_at_the_end()
    assert await talks.load(Conversation("telegram", "1")) == ChatState()
    assert len(await inbox.waiting(9)) == 1


async def test_a_cancelled_transaction_stops_nobody(store: Store) -> None:
    """Wherever a task is cancelled in one, the next can write at once, not only after a garbage collection."""

    async def writes() -> None:
        async with store.begin() as tx:
            for number in range(3):
                row = {"name": f"{number}", "holder": "one", "expires_at": 1.0}
                await tx.execute(tables.leases.insert().values(row).returning(tables.leases.c.name))

    tasks: list[asyncio.Task[None]] = []
    gc.disable()
    try:
        for steps in range(40):
            task = asyncio.create_task(writes())
            tasks.append(task)
            for _ in range(steps):
                await asyncio.sleep(0.0002)
            task.cancel()
            await asyncio.wait(tasks)
            async with asyncio.timeout(10):
                await store.try_write()
    finally:
        gc.enable()


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("way", ["begin", "read", "snapshot"])
async def test_a_cancelled_transaction_leaves_nothing_open(store: Store, way: str) -> None:
    """No connection stays lent out, and no thread behind."""
    before = threading.active_count()

    async def looks() -> None:
        async with getattr(store, way)() as tx:
            for _ in range(3):
                await tx.execute(select(tables.leases))

    for steps in range(25):
        task = asyncio.create_task(looks())
        for _ in range(steps):
            await asyncio.sleep(0.0002)
        task.cancel()
        await asyncio.wait([task])
    assert store.engine.pool.status().endswith("Current Checked out connections: 0")
    await store.close()
    assert threading.active_count() <= before


async def test_chat_settings_follow_a_group_to_its_new_id(store: Store) -> None:
    """A group that became a supergroup keeps its district and its invitation."""
    chats = Chats(store, "telegram")
    async with store.begin() as tx:
        await chats.save("-1", ChatSettings("渝中区", asked_district=True), tx)
        await chats.invite("chat:-1", tx)
    async with store.begin() as tx:
        await chats.move("-1", "-1001", tx)
    assert await chats.load("-1001") == ChatSettings("渝中区", asked_district=True)
    assert await chats.load("-1") == ChatSettings()
    assert await chats.invited(("user:5", "chat:-1001"))
    assert not await chats.invited(("user:5", "chat:-2"))


async def test_a_button_keeps_its_words_and_state(store: Store) -> None:
    """A pressed button is found by its token, in its own channel alone, until it expires."""
    screen = Screen(store, "telegram")
    button = new_button("-1", "下一页", ChatState(query="a", page=2))
    await screen.keep_buttons([button])
    assert await screen.button(button.token) == button
    assert await Screen(store, "other").button(button.token) is None
    assert await screen.button("unknown") is None
    await screen.forget(days=1)
    assert await screen.button(button.token) == button
    await screen.forget(days=-1)
    assert await screen.button(button.token) is None


async def test_what_a_message_shows_is_found_by_itself_and_by_its_question(store: Store) -> None:
    """An answer is known by its own id and by the id of the question."""
    screen = Screen(store, "telegram")
    shown = Shown("-1", "20", "19", ChatState(), "教委", ChatState(page=2), ChatState(query="q"), "digest")
    async with store.begin() as tx:
        await screen.keep(shown, tx)
    assert await screen.message("-1", "20") == shown
    assert await screen.answer_to("-1", "19") == shown
    assert await screen.answer_to("-2", "19") is None
