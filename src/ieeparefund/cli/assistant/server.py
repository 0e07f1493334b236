"""The server: the tools with their schemas over the Model Context Protocol, every error a sentence."""

from __future__ import annotations

from typing import Any

from mcp.server.mcpserver import Context, MCPServer
from mcp.server.mcpserver.exceptions import ToolError
from mcp.server.mcpserver.tools import Tool
from mcp.types import CallToolResult, InputRequiredResult, TextContent, ToolAnnotations
from pydantic import ValidationError

from ieeparefund import __version__
from ieeparefund.cli.assistant.tools import TOOLS
from ieeparefund.cli.words import spoken, spoken_os
from ieeparefund.entries.identifiers import mask_sentence
from ieeparefund.errors import IeepaRefundError
from ieeparefund.law.manifest import rules_version

__all__ = ["AssistantServer", "assistant_server"]

_INSTRUCTIONS = """\
Refunds of US IEEPA duty through CBP's CAPE process: which entries, by when, how much, with how much interest.
Every answer is computed from the facts given and a date; state that date. Never invent a fact: leave it out, and tell
the user what was assumed. The payee class (corporation or other) has no default: ask. Give amounts as text, not as JSON
numbers. Copy amounts and dates from the answer as they are, with their citations. Importer numbers are masked. This is
no legal advice and no CBP product. Law tables {version}."""


class AssistantServer(MCPServer[Any]):
    """The server with the tools of this package. Made by `assistant_server`."""

    async def call_tool(
        self, name: str, arguments: dict[str, Any], context: Context[Any, Any] | None = None
    ) -> CallToolResult | InputRequiredResult:
        """Call a tool; what is wrong with the input comes back as a sentence, as an error of the tool."""
        try:
            found = await self._unknown(name, arguments)
            if found is None:
                return await super().call_tool(name, arguments, context)
        except ToolError as error:
            found = _sentence(error)
            if found is None:
                raise
        return CallToolResult(content=[TextContent(type="text", text=found)], is_error=True)

    async def _unknown(self, name: str, arguments: dict[str, Any]) -> str | None:
        """Say which arguments the tool does not have: one that is misspelt must not be passed over."""
        for tool in await self.list_tools():
            if tool.name == name:
                known = tool.input_schema["properties"]
                unknown = [argument for argument in arguments if argument not in known]
                if unknown:
                    return f"{name} has no {' and no '.join(unknown)}. Its arguments are {', '.join(known)}."
        return None


def _sentence(error: ToolError) -> str | None:
    """Return what the caller can mend, `None` for a fault of the program."""
    cause = error.__cause__
    if isinstance(cause, ValidationError):
        return mask_sentence(
            " ".join(_invalid(one["loc"], one["type"], one["msg"]) for one in cause.errors())
        )
    if isinstance(cause, IeepaRefundError):
        return spoken(cause, "tool")
    return spoken_os(cause) if isinstance(cause, OSError) else None


def _invalid(place: tuple[int | str, ...], kind: str, message: str) -> str:
    name = ".".join(str(part) for part in place)
    if kind == "missing":
        return f"{name} is missing."
    if kind == "extra_forbidden":
        return f"{name} is no known fact; see the schema."
    text = message.removeprefix("Value error, ").rstrip(".")
    return f"{name} {text[6:]}." if text.startswith("Input should") else f"{name}: {text}."


def assistant_server() -> AssistantServer:
    """Return the server with its six tools; `run("stdio")` serves them. Files are read below the current folder."""
    tools = []
    for function in TOOLS:
        tool = Tool.from_function(
            function,
            annotations=ToolAnnotations(read_only_hint=True, idempotent_hint=True, open_world_hint=False),
            structured_output=True,
        )
        tool.parameters["additionalProperties"] = False
        tools.append(tool)
    return AssistantServer(
        "ieeparefund",
        title="IEEPA duty refunds",
        version=__version__,
        instructions=_INSTRUCTIONS.format(version=rules_version()),
        tools=tools,
        log_level="WARNING",
    )
