"""The MCP tools, over a real server and with the protocol's own client."""

import asyncio
import json
import subprocess
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from mcp import ClientSession
from mcp.client.streamable_http import streamablehttp_client
from serving import running

import qa
from ui import app, tools

VISBY = "Plums grow in Visby."


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with running(mcp=True) as address:
        yield address


@asynccontextmanager
async def connected(address: str, **options: Any) -> AsyncIterator[ClientSession]:
    """An agent."""
    async with (
        streamablehttp_client(f"{address}{tools.PATH}/", **options) as (reading, writing, _),
        ClientSession(reading, writing) as session,
    ):
        await session.initialize()
        yield session


async def call(session: ClientSession, tool: str, **given: Any) -> Any:
    """What a tool returns."""
    result = await session.call_tool(tool, given)
    assert not result.isError, result.content
    return json.loads(result.content[0].text)


def talk(address: str, conversation: Callable[..., Awaitable[Any]], agents: int = 1, **options: Any) -> Any:
    async def run() -> Any:
        if agents == 1:
            async with connected(address, **options) as session:
                return await conversation(session)
        async with connected(address) as one, connected(address) as other:
            return await conversation(one, other)

    with ThreadPoolExecutor(1) as pool:  # in a thread of its own, for browser tests leave a loop running in this one
        return pool.submit(asyncio.run, run()).result()


def test_the_tools_are_described(address: str) -> None:
    found = {tool.name: tool for tool in talk(address, lambda session: session.list_tools()).tools}
    assert list(found) == ["ask", "add_article", "find_passages", "list_articles"]
    for tool in found.values():
        assert tool.description and "Returns: " in tool.description
        assert all(each.get("description") for each in tool.inputSchema["properties"].values())
    assert found["ask"].inputSchema["required"] == ["question"]
    assert found["ask"].inputSchema["properties"]["mode"]["enum"] == ["strict", "balanced", "eager"]


def test_a_text_is_asked(address: str) -> None:
    async def conversation(session: ClientSession) -> None:
        answer = qa.Answer.from_dict(await call(session, "ask", question="Where is Visby?", text=VISBY))
        assert answer.span and VISBY[answer.span.start : answer.span.end] == "Visby"
        assert (await call(session, "find_passages", question="Visby?", text=VISBY))[0]["text"] == VISBY
        answer = qa.Answer.from_dict(await call(session, "ask", question="Where is Lund?", text=VISBY))
        assert not answer.answered

    talk(address, conversation)


def test_what_is_added_is_reached_with_its_library_alone(address: str) -> None:
    async def conversation(one: ClientSession, other: ClientSession) -> None:
        added = await call(one, "add_article", text=VISBY, title="Plums in Umeå")
        assert added["title"] == "Plums in Umeå"
        library = added["library"]
        await call(one, "add_article", text="Pears grow in Lund.", library=library)
        own = [a["title"] for a in await call(one, "list_articles", library=library) if a["own"]]
        assert own == ["Plums in Umeå", "Pears grow in Lund."]
        assert (await call(one, "ask", question="Is it Lund?", library=library))["text"] == "Lund"

        for session in (one, other):  # calls of tools have no session that would keep anything
            assert not [a for a in await call(session, "list_articles") if a["own"]]
            result = await session.call_tool("ask", {"question": "Is it Visby?", "articles": [added["id"]]})
            assert result.isError and "There is no article" in result.content[0].text

    talk(address, conversation, agents=2)


def test_what_cannot_be_done_is_said(address: str) -> None:
    async def conversation(session: ClientSession) -> None:
        for tool, given, message in (
            ("ask", {"question": ""}, "The question is empty"),
            ("ask", {"question": "Who?", "library": "guessed"}, "There is no library"),
            ("add_article", {"text": " "}, "There is no text"),
            ("add_file", {"file": "http://192.0.2.1/a.txt"}, "Unknown tool"),
        ):
            result = await session.call_tool(tool, given)
            assert result.isError and message in result.content[0].text and "\n" not in result.content[0].text

    talk(address, conversation)


def test_many_agents_at_once(address: str) -> None:
    async def conversation(session: ClientSession) -> None:
        texts = [f"The code is c{number}." for number in range(16)]
        found = await asyncio.gather(
            *(call(session, "ask", question=f"Is it c{number}?", text=text) for number, text in enumerate(texts))
        )
        assert [answer["text"] for answer in found] == [f"c{number}" for number in range(16)]

    talk(address, conversation)


def test_a_password_guards_the_tools() -> None:
    with running(mcp=True, users={"ann": "right"}) as address:
        for auth in (None, ("ann", "wrong"), ("bob", ""), ("bob", "right")):
            refused = httpx.post(f"{address}{tools.PATH}/", auth=auth, json={})
            assert refused.status_code == 401 and refused.headers["WWW-Authenticate"].startswith("Basic")
            assert httpx.get(f"{address}{tools.PATH}/schema", auth=auth).status_code == 401
        asked = {"question": "Is it Visby?", "text": VISBY}
        auth = httpx.BasicAuth("ann", "right")
        assert talk(address, lambda session: call(session, "ask", **asked), auth=auth)["text"] == "Visby"


def test_the_command_serves_them(tmp_path: Path) -> None:
    (tmp_path / "ferry.txt").write_text("Elsa Lind bought the ferry in Lund.")
    port = app._free_port("127.0.0.1", 0)
    command = [sys.executable, "-m", "qa.cli", "serve", str(tmp_path / "ferry.txt"), "--mcp", "--port", str(port)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as server:
        try:
            address = f"http://127.0.0.1:{port}"
            line = server.stdout.readline()
            assert line == f"article-qa is at {address}, its MCP tools at {address}{tools.PATH}/ (Ctrl-C stops it)\n"
            asked = {"question": "Who bought the ferry?", "mode": "eager"}
            answer = talk(address, lambda session: call(session, "ask", **asked))
            assert (answer["text"], answer["title"]) == ("Elsa Lind", "Ferry")
        finally:
            server.terminate()
        assert server.wait(60) == 0 and server.stdout.read() == ""
        assert "Traceback" not in server.stderr.read()


def test_without_the_option_there_are_no_tools() -> None:
    with running() as address:
        assert httpx.post(f"{address}{tools.PATH}/", json={}).status_code in (404, 405)


def test_without_the_package_it_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tools, "find_spec", lambda _: None)
    with pytest.raises(qa.UsageError, match=r"pip install 'article-qa\[mcp\]'") as error:
        tools.check_installed()
    assert "\n" not in str(error.value)
