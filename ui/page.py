"""The page: its components and what each of them does when it is used."""

# No "from __future__ import annotations" here: Gradio looks at the annotations of handlers, which must be classes.
from collections.abc import Callable, Iterator
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

from ui import answer_card, modes
from ui.chat import Chat, View
from ui.session import Session

IDLE_SECONDS = 3 * 3600  # after which a visitor's articles and conversation are released
READERS_AT_ONCE = 2
FETCHES_AT_ONCE = 4
_QUIET = {"api_visibility": "private", "show_progress": "hidden"}
_READING = {**_QUIET, "concurrency_id": "read", "concurrency_limit": READERS_AT_ONCE}
# A slow page keeps nobody's question waiting.
_FETCHING = {**_QUIET, "concurrency_id": "fetch", "concurrency_limit": FETCHES_AT_ONCE}

# Passes clicks on the buttons that our HTML holds to the server, as events of the component.
_ON_CLICK = """
const edit = (meaning) => {
  meaning.classList.add("editing");
  const field = meaning.querySelector("input");
  field.opened = true; // see ui/app.js
  field.value = field.defaultValue; // not what was given up before
  field.select();
};
const again = (meaning, meant) => {
  trigger("again", { turn: Number(meaning.dataset.again), meant });
  document.querySelector("#question textarea").focus();
};
element.addEventListener("keydown", (event) => {
  const meaning = event.target.closest(".understood");
  if (!meaning || event.target.tagName !== "INPUT" || event.isComposing) return;
  if (event.key === "Enter") again(meaning, event.target.value);
  else if (event.key === "Escape") {
    meaning.classList.remove("editing");
    event.target.opened = false;
    meaning.querySelector("[data-edit]").focus();
    event.stopPropagation();
  }
});
element.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (!button || !element.contains(button)) return;
  const data = button.dataset;
  const meaning = button.closest(".understood");
  if (data.edit !== undefined) edit(meaning);
  else if (data.meant !== undefined) again(meaning, data.meant || meaning.querySelector("input").value);
  else if (data.ask !== undefined) trigger("ask", { question: data.ask });
  else if (data.turn !== undefined) trigger("go", { turn: Number(data.turn), place: Number(data.place) });
  else if (data.turnTo !== undefined) trigger("go", { part: Number(data.turnTo) });
  else if (data.back !== undefined) trigger("go", { back: true });
  else if (data.open !== undefined) trigger("go", { open: data.open });
  else if (data.judge !== undefined) {
    const chosen = data.judge === "here" ? window.articleSelection : null;
    trigger("judge", { turn: Number(data.of), verdict: data.judge, ...chosen });
  }
  else if (data.take !== undefined) trigger("take", { way: data.take });
});
"""
# Saves a file that the server made; nothing but its name is shown.
_ON_PARCEL = """
watch("value", () => {
  if (!props.value) return;
  const parcel = JSON.parse(props.value);
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([parcel.text], { type: parcel.kind + ";charset=utf-8" }));
  link.download = parcel.name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
});
"""
# What is typed while a question waits is the next one: the field is emptied at once, and gets back what failed only
# while it is empty. See ui/app.js.
_TAKE = "(...given) => window.questionField.take(given)"
_GIVE_BACK = "(question) => window.questionField.giveBack(question)"
_NOT_ASKED = "() => window.questionField.giveBack()"
_BAR = (
    '<div class="bar"><h1>article-qa</h1><p>Answers in the article’s own words, or none.</p>'
    '<button type="button" class="only-narrow" data-scroll-to="reading">Go to the article</button></div>'
)
_BACK = '<button type="button" class="only-narrow" data-scroll-to="asking">Back to the chat</button>'


def layout(first: View, mode_help: str, *, allow_urls: bool = False) -> SimpleNamespace:
    """Make the components, inside a ``gr.Blocks``, as they look before anything happened.

    Args:
        first: What is seen then.
        mode_help: What the modes do, HTML from ``ui.modes``.
        allow_urls: Whether pages of the web can be added.
    """
    import gradio as gr

    at = SimpleNamespace()
    at.state = gr.State(time_to_live=IDLE_SECONDS, delete_callback=lambda session: session and session.close())
    _html(_BAR, "bar")
    with gr.Row(elem_id="columns", equal_height=False):
        with gr.Column(elem_id="asking", min_width=320):
            _asking(at, first, mode_help)
        with gr.Column(elem_id="reading", min_width=320):
            _reading(at, first, allow_urls)
    return at


def wire(at: SimpleNamespace, chat: Chat, opened: Callable[..., Any]) -> None:
    """Connect the components with the handlers.

    Args:
        at: The components.
        chat: The handlers.
        opened: The event of the page being opened.
    """
    import gradio as gr

    seen = [at.state, at.log, at.pane, at.notice, at.picker, at.menu, at.back]

    def ask(session: Session | None, question: str, mode: str, choice: str) -> Iterator[tuple[Any, ...]]:
        for step in chat.ask(session, question, mode, choice):
            yield _shown(*step)

    def ask_suggested(
        session: Session | None, mode: str, choice: str, event: gr.EventData
    ) -> Iterator[tuple[Any, ...]]:
        yield from ask(session, str((event._data or {}).get("question", "")), mode, choice)

    def ask_again(session: Session | None, mode: str, event: gr.EventData) -> Iterator[tuple[Any, ...]]:
        for step in chat.ask_again(session, event._data, mode):
            yield _shown(*step)

    def go(session: Session | None, event: gr.EventData) -> tuple[Any, ...]:
        return _shown(*chat.go(session, event._data))

    def judge(session: Session | None, event: gr.EventData) -> tuple[Any, ...]:
        return _shown(*chat.judge(session, event._data))

    def take(session: Session | None, event: gr.EventData) -> tuple[Any, ...]:
        return chat.take(session, event._data)

    opened(_show(chat.start), None, seen, **_QUIET)
    typed = [at.state, at.question, at.mode, at.picker]
    done = gr.on([at.question.submit, at.ask.click], ask, typed, seen, js=_TAKE, **_READING)
    done.success(None, [at.back], None, js=_GIVE_BACK)
    done.failure(None, None, None, js=_NOT_ASKED)  # such as when too many wait
    at.log.ask(ask_suggested, [at.state, at.mode, at.picker], seen, **_READING)
    at.log.again(ask_again, [at.state, at.mode], seen, **_READING)
    for surface in (at.log, at.pane):
        surface.go(go, [at.state], seen, **_QUIET)
        surface.judge(judge, [at.state], seen, **_QUIET)
    at.menu.take(take, [at.state], [at.state, at.parcel, at.notice, at.menu], **_QUIET)
    at.picker.input(_show(chat.choose), [at.state, at.picker], seen, **_QUIET)
    at.clear.click(_show(chat.clear), [at.state], seen, **_QUIET)
    _wire_articles(at, chat, seen)


def _wire_articles(at: SimpleNamespace, chat: Chat, seen: list[Any]) -> None:
    """Connect what adds, renames and removes articles."""
    import gradio as gr

    def taken(session: Session, seen: View, form: list[Any]) -> tuple[Any, ...]:
        """Return what is seen after a form was sent: where it was taken, it is emptied and folded up."""
        calm = replace(seen, notice=answer_card.notice(""))
        empty = [None if field is at.files else "" for field in form]
        kept = [None if field is at.files else gr.skip() for field in form]  # the same files may be tried again
        fold = gr.Accordion(open=False) if seen.added else gr.skip()
        return (*_shown(session, calm), seen.notice, fold, *(empty if seen.added else kept))

    def change(handler: Callable[..., tuple[Session, View]], form: list[Any]) -> Callable[..., tuple[Any, ...]]:
        return lambda *given: taken(*handler(*given), form)

    def upload(session: Session | None, files: Any) -> Iterator[tuple[Any, ...]]:
        for step in chat.upload(session, files):
            yield taken(*step, [at.files])

    shown = [*seen, at.trouble, at.adder]
    busy = {"show_progress": "full", "show_progress_on": [at.text, at.address]}
    text, address = [at.text, at.title], [at.address]
    fetch = change(chat.fetch, address)
    for event, handler, form, queue in (
        (at.add.click, change(chat.paste, text), text, _READING),
        (at.files.upload, upload, [at.files], _READING),
        (at.fetch.click, fetch, address, _FETCHING),
        (at.address.submit, fetch, address, _FETCHING),
    ):
        done = event(handler, [at.state, *form], [*shown, *form], **{**queue, **busy})
        done.then(_show(chat.suggest), [at.state], seen, **_READING)
    new_title = [at.new_title]
    titled = [at.rename.click, at.new_title.submit]
    gr.on(titled, change(chat.rename, new_title), [at.state, *new_title], [*shown, *new_title], **_READING)
    at.remove.click(change(chat.remove, []), [at.state], shown, **_READING)


def _show(handler: Callable[..., tuple[Session, View]]) -> Callable[..., tuple[Any, ...]]:
    return lambda *given: _shown(*handler(*given))


def _asking(at: SimpleNamespace, first: View, mode_help: str) -> None:
    import gradio as gr

    at.log = _html(first.log, "log", _ON_CLICK)
    at.notice = _html(first.notice, "notice")
    with gr.Row(elem_id="composer"):
        at.question = gr.Textbox(
            label="Your question", show_label=False, placeholder="Ask the article…", lines=1, max_lines=5,
            elem_id="question", container=False, scale=1, autofocus=True,
        )  # fmt: skip
        at.ask = gr.Button("Ask", variant="primary", elem_id="ask", scale=0, min_width=80)
    with gr.Row(elem_id="dials"):
        at.mode = gr.Radio(list(modes.CHOICES), value="balanced", label="How sure must an answer be?", elem_id="mode")
        at.menu = _html(first.menu, "menu", _ON_CLICK)
        at.clear = gr.Button("Clear the chat", size="sm", elem_id="clear", scale=0, min_width=64)
    at.back = gr.Textbox(visible=False)
    _html(mode_help, "about-modes")
    at.parcel = gr.HTML("", html_template="", elem_id="parcel", apply_default_css=False, js_on_load=_ON_PARCEL)


def _reading(at: SimpleNamespace, first: View, allow_urls: bool) -> None:
    import gradio as gr

    with gr.Row(elem_id="shelf"):
        at.picker = gr.Dropdown(
            first.choices,
            value=first.choice,
            label="Article",
            show_label=False,
            container=False,
            filterable=False,
            elem_id="picker",
            scale=1,
        )
        _html(_BACK, "back")
    with gr.Accordion("Add, rename or remove articles", open=False, elem_id="add") as at.adder:
        with gr.Tab("Paste text"):
            at.title = gr.Textbox(label="Title (optional)", lines=1, max_lines=1, elem_id="paste-title")
            at.text = gr.Textbox(label="Text of the article", lines=6, max_lines=12, elem_id="paste-text")
            at.add = gr.Button("Add this text", variant="primary", size="sm", elem_id="paste-add")
        with gr.Tab("Upload files"):
            at.files = gr.File(
                label="Text, Markdown, HTML, PDF, Word or EPUB", file_count="multiple", elem_id="upload", height=140
            )
        with gr.Tab("From the web", visible=allow_urls):
            at.address = gr.Textbox(label="Address", placeholder="https://…", lines=1, max_lines=1, elem_id="address")
            at.fetch = gr.Button("Add this page", variant="primary", size="sm", elem_id="fetch")
        with gr.Tab("Rename or remove"):
            at.new_title = gr.Textbox(label="New title of the open article", lines=1, max_lines=1, elem_id="new-title")
            with gr.Row(elem_id="own"):
                at.rename = gr.Button("Rename", size="sm", elem_id="rename", scale=0, min_width=96)
                at.remove = gr.Button("Remove the open article", size="sm", elem_id="remove", scale=0, min_width=180)
        at.trouble = _html(first.notice, "trouble")
    at.pane = _html(first.pane, "article-pane", _ON_CLICK)


def _html(value: str | None, name: str, script: str | None = None) -> Any:
    import gradio as gr

    return gr.HTML(value, elem_id=name, apply_default_css=False, js_on_load=script)


def _shown(session: Session, seen: View) -> tuple[Any, ...]:
    import gradio as gr

    return (
        session,
        seen.log,
        gr.skip() if seen.pane is None else seen.pane,
        seen.news or seen.notice,
        gr.Dropdown(choices=seen.choices, value=seen.choice),
        seen.menu,
        gr.skip() if seen.back is None else seen.back,
    )
