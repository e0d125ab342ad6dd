"""The endpoints as tools of the Model Context Protocol (MCP), by Gradio's server for it."""

from __future__ import annotations

import json
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from qa import ModelError, UsageError
from ui.endpoints import ADD_FILE

if TYPE_CHECKING:
    import gradio as gr

PATH = "/gradio_api/mcp"


def check_installed() -> None:
    """Raise a UsageError where the package of the protocol is missing."""
    if find_spec("mcp") is None:
        raise UsageError("--mcp takes another package: pip install 'article-qa[mcp]'.")


def arrange(blocks: gr.Blocks) -> None:
    """Offer what a launched app can do as tools, with results as JSON.

    Raises:
        ModelError: Gradio could not start its server for them.
    """
    server = blocks.mcp_server_obj
    if server is None:
        raise ModelError(f"The MCP server does not start: {blocks.mcp_error}")
    server.tool_to_endpoint.pop(ADD_FILE)  # the protocol has no uploads; Gradio would fetch files by their address
    server.postprocess_output_data = _as_json  # Gradio's own writes Python


def _as_json(data: list[Any], _: str) -> list[Any]:
    from mcp import types

    return [types.TextContent(type="text", text=json.dumps(value, ensure_ascii=False)) for value in data]
