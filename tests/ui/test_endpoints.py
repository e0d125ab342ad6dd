"""What programs find: named endpoints, typed and described; articles that only their owner reaches."""

import json
import logging
import re
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from gradio_client import Client, handle_file
from gradio_client.exceptions import AppError
from serving import client, running, toy_desk
from ui_toys import Elements, text_of

import qa
from ui.desk import Desk

ENDPOINTS = ["/ask", "/add", "/passages", "/articles", "/add_file"]
VISBY = "Plums grow in Visby."


@pytest.fixture(scope="module")
def desk() -> Desk:
    return toy_desk()


@pytest.fixture(scope="module")
def address(desk: Desk) -> Iterator[str]:
    with running(desk) as address:
        yield address


@pytest.fixture
def program(address: str) -> Client:
    return client(address)


def test_the_endpoints_are_described_and_nothing_else_is(address: str) -> None:
    found = httpx.get(f"{address}/openapi.json", follow_redirects=True).json()
    calls = {path: ways for path, ways in found["paths"].items() if "call/v2" in path}
    assert list(calls) == [f"/gradio_api/call/v2{name}" for name in ENDPOINTS]
    for ways in calls.values():
        assert len(ways["post"]["summary"]) > 40
    asked = calls["/gradio_api/call/v2/ask"]["post"]["requestBody"]["content"]["application/json"]["schema"]
    assert asked["properties"] == {
        "question": {"type": "string"},
        "text": {"type": "string"},
        "articles": {"type": "array", "items": {"type": "string"}},
        "mode": {"enum": ["strict", "balanced", "eager"]},
        "library": {"type": "string"},
    }
    info = httpx.get(f"{address}/gradio_api/info").json()
    assert list(info["named_endpoints"]) == ENDPOINTS and not info["unnamed_endpoints"]
    required = {
        p["parameter_name"] for p in info["named_endpoints"]["/ask"]["parameters"] if not p["parameter_has_default"]
    }
    assert required == {"question"}


def test_a_page_describes_them_and_loads_nothing(address: str) -> None:
    html = httpx.get(f"{address}/docs").text
    found = Elements(html)
    assert [name for name, _ in found.found if name in ("script", "link", "img", "iframe")] == []
    assert [held["href"] for name, held in found.found if name == "a"] == ["openapi.json"]
    assert "@import" not in html and "url(" not in html
    text = text_of(html)
    for name in ENDPOINTS:
        assert f'Client("{address}").predict(' in text and f'api_name="{name}")' in text
    assert "mode: Literal['strict', 'balanced', 'eager'] = \"balanced\"" in text
    assert not re.search(r"<dd></dd>|<p></p>|</b> </p>", html)  # everything is described


def test_a_text_is_asked(program: Client) -> None:
    text = f"It rains.\n\n{VISBY}"
    found = program.predict(question="Where is Visby?", text=text, mode="eager", api_name="/ask")
    answer = qa.Answer.from_dict(found)
    assert answer.answered and answer.span and answer.trace and answer.trace.mode == "eager"
    assert text[answer.span.start : answer.span.end] == answer.text == "Visby"
    assert found["title"] == "It rains." and found["sentence"] == VISBY
    assert not [article for article in program.predict(api_name="/articles") if article["own"]]


def test_what_is_added_is_asked_from_then_on_and_by_nobody_else(program: Client, address: str) -> None:
    added = program.predict(text=VISBY, title="  Plums ", api_name="/add")
    assert (added["title"], added["characters"]) == ("Plums", len(VISBY))
    found = program.predict("Where is Visby?", api_name="/ask")
    assert (found["text"], found["span"]["article_id"], found["title"]) == ("Visby", added["id"], "Plums")

    other = client(address)
    assert added["id"] not in {article["id"] for article in other.predict(api_name="/articles")}
    assert not other.predict("Where is Visby?", api_name="/ask")["answered"]
    for caller in ({}, {"session_hash": ""}, {"session_hash": None}):
        listed = httpx.post(f"{address}/gradio_api/run/articles", json={"data": [""], **caller}).json()["data"][0]
        assert listed and not any(article["own"] for article in listed)
    for endpoint in ("/ask", "/passages"):
        with pytest.raises(AppError, match="There is no article"):
            other.predict("Where is Visby?", articles=[added["id"]], api_name=endpoint)
    assert other.predict(text=VISBY, api_name="/add")["library"] != added["library"]


def test_a_library_is_reached_by_its_secret_without_a_session(program: Client, address: str) -> None:
    library = program.predict(text=VISBY, api_name="/add")["library"]
    assert len(library) >= 20
    other = client(address)
    assert other.predict(text="Pears grow in Lund.", library=library, api_name="/add")["library"] == library
    assert [a["title"] for a in program.predict(api_name="/articles") if a["own"]] == [VISBY, "Pears grow in Lund."]
    for endpoint, found in (("/ask", "text"), ("/passages", 0)):
        assert other.predict("Is it Visby?", library=library, api_name=endpoint)[found]
    with pytest.raises(AppError, match="There is no library 'guessed'"):
        other.predict("Where is Visby?", library="guessed", api_name="/ask")


def test_only_the_chosen_articles_are_asked(program: Client) -> None:
    plums, pears = (program.predict(text=text, api_name="/add") for text in (VISBY, "Visby has pears."))
    found = program.predict("Where is Visby?", articles=[pears["id"]], api_name="/ask")
    assert {mention["article_id"] for mention in found["mentions"]} == {pears["id"]}
    found = program.predict("Where is Visby?", api_name="/ask")
    assert {mention["article_id"] for mention in found["mentions"]} == {pears["id"], plums["id"]}
    sample = next(a for a in program.predict(api_name="/articles") if not a["own"])
    assert program.predict("Where is Visby?", articles=[sample["id"]], api_name="/ask")["answered"] is False


def test_passages_have_their_place(program: Client, desk: Desk) -> None:
    found = program.predict("Who wants a reward?", top_k=3, api_name="/passages")
    assert [passage["rank"] for passage in found] == [1, 2, 3]
    texts = {article.id: article.text for article in desk.articles}
    for passage in found:
        assert passage["text"] == texts[passage["article_id"]][passage["start"] : passage["end"]]
    assert "reward" in found[0]["text"] and found[0]["lexical_rank"] == 1
    assert [p["text"] for p in program.predict("Visby?", text=VISBY, api_name="/passages")] == [VISBY]


def test_passages_of_own_articles_and_of_others_take_turns(program: Client, desk: Desk) -> None:
    own = [program.predict(text=text, api_name="/add")["id"] for text in (VISBY, "Visby has pears.")]
    chosen = [*own, desk.first.id]
    found = program.predict("Who wants a reward?", articles=chosen, top_k=2, api_name="/passages")
    assert [passage["rank"] for passage in found] == [1, 2]
    assert {passage["article_id"] for passage in found} - set(own) == {desk.first.id}


def test_a_file_is_uploaded(program: Client, tmp_path: Path) -> None:
    file = tmp_path / "plums.md"
    file.write_text("# On plums\n\nPlums grow in Visby.")
    assert program.predict(handle_file(file), api_name="/add_file")["title"] == "On plums"
    assert program.predict(handle_file(file), title="Others", api_name="/add_file")["title"] == "Others"
    assert program.predict("Where is Visby?", api_name="/ask")["text"] == "Visby"
    (tmp_path / "broken.pdf").write_bytes(b"%PDF-nothing")
    with pytest.raises(AppError, match="broken.pdf"):
        program.predict(handle_file(tmp_path / "broken.pdf"), api_name="/add_file")


@pytest.mark.parametrize(
    ("name", "path", "message"),
    [
        ("add_file", "http://192.0.2.1/a.txt", "Files are not fetched by their address"),
        ("add_file", "/etc/passwd", "null"),
        ("ask", "/etc/passwd", "null"),
    ],
)
def test_no_file_is_fetched_and_none_of_the_server_is_read(address: str, name: str, path: str, message: str) -> None:
    file = {"path": path, "meta": {"_type": "gradio.FileData"}}
    data = [file, "", ""] if name == "add_file" else ["Who?", file, [], "eager", ""]
    event = httpx.post(f"{address}/gradio_api/call/{name}", json={"data": data}).json()["event_id"]
    result = httpx.get(f"{address}/gradio_api/call/{name}/{event}").text
    assert result.startswith("event: error") and message in result


@pytest.mark.parametrize(
    ("endpoint", "given", "message"),
    [
        ("/ask", {"question": " "}, "The question is empty"),
        ("/ask", {"question": ["a"]}, "The question is empty"),
        ("/ask", {"question": "Who?", "mode": "bold"}, "There is no mode 'bold'"),
        ("/ask", {"question": "Who?", "mode": {}}, "mode is {}: it must be text"),
        ("/ask", {"question": "Who?", "text": "It is.", "articles": ["a"]}, "both a text and articles"),
        ("/ask", {"question": "Who?", "articles": [1]}, "it must be a list of ids"),
        ("/ask", {"question": "Who?", "library": 1}, "library is 1: it must be text"),
        ("/add", {"text": " \n"}, "There is no text to add"),
        ("/add", {"text": None}, "There is no text to add"),
        ("/add", {"text": "It is.", "title": 5}, "title is 5"),
        ("/passages", {"question": "Who?", "top_k": 0}, "top_k is 0"),
        ("/passages", {"question": "Who?", "top_k": "8"}, "top_k is '8'"),
        ("/add_file", {"file": None}, "There is no file"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_line(program: Client, endpoint: str, given: dict, message: str) -> None:
    with pytest.raises(AppError) as error:
        program.predict(**given, api_name=endpoint)
    assert message in str(error.value) and "\n" not in str(error.value)


@pytest.mark.parametrize("given", [[], ["Who?"], ["Who?", "It is.", [], "eager", "", "more"]])
def test_another_number_of_values_is_one_line(
    address: str, given: list[object], capfd: pytest.CaptureFixture[str]
) -> None:
    message = f"/ask takes 5 values, not {len(given)}: /docs describes them."
    refused = httpx.post(f"{address}/gradio_api/run/ask", json={"data": given})
    assert (refused.status_code, refused.json()["error"]) == (500, message)
    event = httpx.post(f"{address}/gradio_api/call/ask", json={"data": given}).json()["event_id"]
    assert message in httpx.get(f"{address}/gradio_api/call/ask/{event}").text
    assert "Traceback" not in "".join(capfd.readouterr())


def test_a_defect_is_told_to_the_server_alone(
    program: Client, desk: Desk, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fails(*_: object) -> None:
        raise RuntimeError("the secret detail")

    monkeypatch.setattr(desk.libraries[0].reader, "windows", fails)
    with caplog.at_level(logging.ERROR), pytest.raises(AppError) as error:
        program.predict("Who?", api_name="/ask")
    assert "secret" not in str(error.value) and "Something went wrong" in str(error.value)
    assert "the secret detail" in caplog.text


def test_without_any_session_over_plain_http(address: str) -> None:
    body = {"question": "Where is Visby?", "text": VISBY}
    event = httpx.post(f"{address}/gradio_api/call/v2/ask", json=body).json()["event_id"]
    lines = httpx.get(f"{address}/gradio_api/call/ask/{event}").text.splitlines()
    assert lines[0] == "event: complete" and json.loads(lines[1].removeprefix("data: "))[0]["text"] == "Visby"


def python_of_the_readme() -> str:
    readme = (Path(__file__).parents[2] / "README.md").read_text("utf-8")
    section = re.search(r"^## For programs\n(.*?)^## ", readme, re.S | re.M)
    assert section
    return "\n".join(re.findall(r"^```python\n(.*?)^```", section[1], re.S | re.M))


def test_the_readme_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    code = python_of_the_readme()
    (tmp_path / "story.txt").write_text("Elsa Lind bought the ferry in Lund for 40,000 kronor.")
    monkeypatch.chdir(tmp_path)
    with running(Desk()) as address:
        exec(code.replace("http://127.0.0.1:7860", address), {})  # noqa: S102
    shown = [line.removeprefix("Loaded as API: ") for line in capsys.readouterr().out.splitlines()]
    expected = re.findall(r"^print\(.*\)  # (.*)$", code, re.M)
    assert expected and [line for line in shown if not line.startswith("http")] == expected
