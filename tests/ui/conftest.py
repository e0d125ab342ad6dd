"""A visit to the web app over a toy reader."""

import pytest
from ui_toys import NoEmbedder, WordReader

from ui.chat import Chat
from ui.desk import Desk
from ui.session import Session


@pytest.fixture(scope="module")
def desk() -> Desk:
    return Desk(reader=WordReader(), embedder=NoEmbedder())


@pytest.fixture
def chat(desk: Desk) -> Chat:
    return Chat(desk)


@pytest.fixture
def session(chat: Chat) -> Session:
    return chat.start()[0]
