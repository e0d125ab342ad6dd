"""A real server of the web app over the toy reader, in this process."""

from collections.abc import Iterator
from contextlib import closing, contextmanager

import gradio as gr
from gradio_client import Client
from ui_toys import NoEmbedder, WordReader

from ui import app
from ui.desk import Desk


def toy_desk(reader: object | None = None) -> Desk:
    return Desk(reader=reader or WordReader(), embedder=NoEmbedder())


@contextmanager
def running(desk: Desk | None = None, **options: object) -> Iterator[str]:
    """Serve a desk and yield the address."""
    desk = desk or toy_desk()
    with closing(desk), serving(app.build(desk), **options) as address:
        yield address


@contextmanager
def serving(blocks: gr.Blocks, **options: object) -> Iterator[str]:
    """Serve what was built and yield the address."""
    port = app._free_port("127.0.0.1", 0)
    try:
        app.launch(blocks, "127.0.0.1", port, **options)
        yield f"http://127.0.0.1:{port}"
    finally:
        blocks.close(verbose=False)


def client(address: str, **options: object) -> Client:
    """A program with a session of its own."""
    return Client(address, verbose=False, analytics_enabled=False, **options)
