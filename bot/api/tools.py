"""The operations as tools of an MCP server: a model that an office runs can ask the plans instead of inventing them."""

from __future__ import annotations

from typing import Any

import msgspec
from mcp.server import Server, ServerRequestContext
from mcp.shared.exceptions import MCPError
from mcp_types import (
    INVALID_PARAMS,
    CallToolRequestParams,
    CallToolResult,
    ListToolsResult,
    PaginatedRequestParams,
    TextContent,
    Tool,
    ToolAnnotations,
)

from bot.api.operations import OPERATIONS, NotFoundError, Operation, convert
from bot.api.schemas import whole
from bot.api.values import Answered
from bot.conversation.asking import Asker
from bot.messages import say, table
from bot.store.scope import Holder
from bot.store.text import clean_all
from corpus.program import NAME, version

HOLDER = "wence.holder"
"""Where the HTTP request says whose it is; over standard input and output nobody is asked."""
Context = ServerRequestContext[Any, Any]


def make_server(asker: Asker) -> Server[Any]:
    """Return a server that answers with what ``asker`` finds."""
    tools = _Tools(asker)
    return Server(
        NAME, version=version(), title=say("api.title"), instructions=say("api.instructions"),
        on_list_tools=tools.every, on_call_tool=tools.call,
    )  # fmt: skip


class _Tools:
    """What can be called."""

    def __init__(self, asker: Asker) -> None:
        self._asker = asker

    async def every(self, context: Context, _params: PaginatedRequestParams | None) -> ListToolsResult:
        """Return those that the caller may use."""
        holder = _holder(context)
        return ListToolsResult(tools=[_tool(one) for one in OPERATIONS if _may(holder, one)])

    async def call(self, context: Context, params: CallToolRequestParams) -> CallToolResult:
        """Carry one out; what the caller did wrong is told to the model, so that it can do better."""
        holder = _holder(context)
        operation = next((one for one in OPERATIONS if one.name == params.name and _may(holder, one)), None)
        if operation is None:
            raise MCPError(INVALID_PARAMS, say("api_errors.no_tool", name=params.name))
        try:
            given = convert(operation, clean_all(params.arguments or {}))
            value = await operation.run(self._asker, given, holder.number if holder else "")
        except (msgspec.ValidationError, RecursionError) as error:
            return _told(say("api_errors.bad_request", reason=error), wrong=True)
        except NotFoundError as error:
            return _told(str(error), wrong=True)
        data = msgspec.to_builtins(value)
        text = _cited(value) if isinstance(value, Answered) else msgspec.json.encode(value).decode()
        return _told(text, data)


def _holder(context: Context) -> Holder | None:
    request = context.request
    holder: Holder | None = request.scope.get(HOLDER) if request is not None else None
    return holder


def _may(holder: Holder | None, operation: Operation) -> bool:
    return holder is None or operation.scope in holder.scopes


def _tool(operation: Operation) -> Tool:
    return Tool(
        name=operation.name,
        description=table("api_operations")[operation.name],
        input_schema={"type": "object"} | whole(operation.takes),
        output_schema={"type": "object"} | whole(operation.gives),
        annotations=ToolAnnotations(read_only_hint=True, idempotent_hint=True, open_world_hint=False),
    )


def _told(text: str, data: object = None, *, wrong: bool = False) -> CallToolResult:
    return CallToolResult(content=[TextContent(text=text)], structured_content=data, is_error=wrong)


def _cited(answer: Answered) -> str:
    """Return an answer's text with each clause that it stands on, verbatim, below it."""
    clauses = [say("api.cited", id=one.id, place=one.place, text=one.text) for one in answer.clauses]
    return "\n".join([answer.text, "", say("api.clauses"), *clauses] if clauses else [answer.text])
