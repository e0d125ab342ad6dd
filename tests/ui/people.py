"""What a person does in the web app, over a toy reader."""

from ui.chat import Chat, View
from ui.session import Session

STORY = "The ferry left Gotland at noon.\n\nIt carried apples. Nobody knew that Gotland was asleep."


def asked(chat: Chat, session: Session | None, question: str, mode: str = "balanced") -> View:
    return list(chat.ask(session, question, mode))[-1][1]


def with_story(chat: Chat, session: Session) -> View:
    return chat.paste(session, STORY, "The ferry")[1]
