"""The named endpoints, for programs; their signatures and docstrings become the API documentation and the MCP tools."""

# No "from __future__ import annotations" here: Gradio looks at the annotations of handlers, which must be classes.
from collections.abc import Callable
from typing import Any, Literal, TypeVar

from ui.gate import Gate
from ui.page import READERS_AT_ONCE
from ui.programs import Programs
from ui.refusals import refusal

T = TypeVar("T")
Mode = Literal["strict", "balanced", "eager"]
ADD_FILE = "add_file"
_ALL: list[str] = []


def attach(blocks: Any, programs: Programs, max_waiting: int) -> None:
    """Add the endpoints to the app that is being built.

    Clients wait in Gradio's queue, together with the people at the page. A call of an MCP tool passes no queue, and
    comes with no session; for those there is a gate.

    Args:
        blocks: The app, a ``gr.Blocks``.
        programs: What the endpoints do.
        max_waiting: How many calls may wait at the gate.
    """
    import gradio as gr

    gate = Gate(READERS_AT_ONCE, max_waiting)

    async def read(work: Callable[..., T], request: gr.Request, *given: Any) -> T:
        try:
            return await gate.run(lambda: work(_caller(request), *given))
        except Exception as error:
            raise gr.Error(refusal(error), print_exception=False) from None
        finally:
            _forget(blocks, _caller(request))

    async def ask(
        _request: gr.Request,
        question: str,
        text: str = "",
        articles: list[str] = _ALL,
        mode: Mode = "balanced",
        library: str = "",
    ) -> dict[str, Any]:
        """Answer a question with an exact quote from a text or from articles, or say that they do not answer it.

        Args:
            question: In words, of at most 2,000 characters.
            text: The text to ask; leave it out to ask articles.
            articles: Ids of the articles to ask; by default all that were added, or else those open to all.
            mode: "strict" answers only when nearly sure, "eager" whenever there is a hint.
            library: What adding an article returned as its library; callers with a session may leave it out.

        Returns:
            The answer: answered, text (the quote), span, confidence, sentence, closest (when not answered), title, ...
        """
        return await read(programs.ask, _request, question, text, articles, mode, library)

    async def add_article(_request: gr.Request, text: str, title: str = "", library: str = "") -> dict[str, Any]:
        """Add an article that later questions can ask; nobody without its library can read it.

        Args:
            text: The article.
            title: Shown with answers; by default the first words of the text.
            library: What an earlier call returned as library, to add to it; by default the session's or a new one.

        Returns:
            The library to give with later calls (a secret; gone when unused for three hours); id, title, characters.
        """
        return await read(programs.add, _request, text, title, library)

    async def add_file(_request: gr.Request, file: str | None, title: str, library: str) -> dict[str, Any]:
        """Add an uploaded .txt, .md, .html, .pdf, .docx or .epub file that later questions can ask.

        Args:
            file: The uploaded file.
            title: Shown with answers; by default what the file calls itself.
            library: As for /add.

        Returns:
            As /add.
        """
        return await read(programs.add_file, _request, file, title, library)

    async def find_passages(
        _request: gr.Request,
        question: str,
        top_k: int = 8,
        text: str = "",
        articles: list[str] = _ALL,
        library: str = "",
    ) -> list[dict[str, Any]]:
        """Find the passages in which the answer to a question would be looked for, best first.

        Args:
            question: In words, of at most 2,000 characters.
            top_k: How many passages, from 1 to 100.
            text: The text to search; leave it out to search articles.
            articles: Ids of the articles to search; by default all that were added, or else those open to all.
            library: What adding an article returned as its library; callers with a session may leave it out.

        Returns:
            For each passage rank, text, title, article_id, start, end (in code points), lexical and dense scores.
        """
        return await read(programs.passages, _request, question, top_k, text, articles, library)

    async def list_articles(_request: gr.Request, library: str = "") -> list[dict[str, Any]]:
        """List the articles that can be asked: those that were added, then those that are open to all.

        Args:
            library: What adding an article returned as its library; callers with a session may leave it out.

        Returns:
            For each article its id, title, number of characters, date of publication, and whether it is one's own.
        """
        return await read(programs.articles, _request, library)

    blocks.validate_inputs = _check_count  # Gradio's own shows a traceback, and lets too many pass
    reading: dict[str, Any] = {"queue": False, "concurrency_id": "read", "concurrency_limit": READERS_AT_ONCE}
    gr.api(ask, api_name="ask", **reading)
    gr.api(add_article, api_name="add", **reading)
    gr.api(find_passages, api_name="passages", **reading)
    gr.api(list_articles, api_name="articles", **reading)
    with gr.Group(visible=False):  # a real file component, for it accepts nothing but what was uploaded
        form = [gr.File(label="file"), gr.Textbox("", label="title"), gr.Textbox("", label="library")]
        gr.Button().click(add_file, form, gr.JSON(label="article"), api_name=ADD_FILE, **reading)


def _check_count(function: Any, given: list[Any]) -> None:
    """Refuse a call with another number of values than the endpoint takes."""
    import gradio as gr

    needed = len(function.inputs)
    if len(given) != needed:
        name = f"/{function.api_name}" if function.api_name else "This"
        raise gr.Error(f"{name} takes {needed} values, not {len(given)}: /docs describes them.", print_exception=False)


def _caller(request: Any) -> str | None:
    """Return the session of a caller with the server; a call of an MCP tool has none."""
    return getattr(request, "session_hash", None)


def _forget(blocks: Any, caller: str | None) -> None:
    """Drop what Gradio keeps of a program's session, of no use here; there is room for so many, and people need it."""
    held = blocks.state_holder.session_data
    if caller in held and not held[caller].state_data:
        del held[caller]
