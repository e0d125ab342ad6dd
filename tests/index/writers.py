"""What other processes do to a library in tests of the storage; each function runs in a process of its own."""

import os
import resource
from itertools import count
from multiprocessing.connection import Connection

import numpy as np
from toys import HashEmbedder, stored, toy_splitter

from index.article import Article, Chunk
from index.collection import Collection
from index.errors import LibraryError
from index.segment import Segment
from index.storage import Storage

TOY = HashEmbedder()


def segment(name: str, characters: int = 300, title: str = "Title") -> Segment:
    """An article of some length with a chunk for each 300 characters, and vectors that need no embedding."""
    text = (f"{name} and more words. " * (characters // 10))[:characters].strip()
    article = Article.of(text, title, source=f"/{name}")
    chunks = tuple(Chunk(article.id, i, min(i + 300, len(text))) for i in range(0, len(text), 300))
    vectors = np.zeros((len(chunks), TOY.dimension), np.float32)
    vectors[:, len(name) % TOY.dimension] = 1
    return Segment(article, chunks, vectors)


def add_and_remove(folder: str, seed: int, pipe: Connection) -> None:
    """Write for ever; say before each change which articles there will be after it, and None when it is done."""
    rng = np.random.default_rng(seed)
    storage = Storage.open(folder)
    ids = {s.article.id for s in stored(storage)}
    for turn in count():
        if len(ids) > 12 or (ids and rng.random() < 0.4):
            gone = set(rng.choice(sorted(ids), min(len(ids), int(rng.integers(1, 6))), replace=False).tolist())
            pipe.send(sorted(ids := ids - gone))
            storage.remove(sorted(gone))
        else:
            sizes = rng.choice([200, 5_000, 400_000], int(rng.integers(1, 5)))
            new = [segment(f"{seed} {turn} {i}", int(size)) for i, size in enumerate(sizes)]
            pipe.send(sorted(ids := ids | {s.article.id for s in new}))
            storage.add(new, TOY, toy_splitter())
        pipe.send(None)


def add_many(folder: str, name: str, number: int) -> None:
    """Add articles one at a time, each second one together with the removal of the one before."""
    storage = Storage.open(folder)
    for i in range(number):
        new = segment(f"{name} {i}")
        assert storage.add([new], TOY, toy_splitter()) == [new.article.id]
        if i % 2:
            storage.remove([segment(f"{name} {i - 1}").article.id])


def fill_the_disk(folder: str, pipe: Connection) -> None:
    """Add with files limited to 300 KB, so that writing fails half way; then without the limit."""
    collection = Collection(TOY, toy_splitter(), Storage.open(folder))
    before = collection.articles
    big = [Article.of(f"{i} " + "word " * 40_000) for i in range(3)]
    resource.setrlimit(resource.RLIMIT_FSIZE, (300_000, resource.RLIM_INFINITY))
    try:
        collection.add(big)
    except LibraryError as error:
        pipe.send((str(error), collection.articles == before))
    resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    pipe.send(collection.add(big))


def use_read_only(folder: str, pipe: Connection) -> None:
    """Ask, then try every change, without the right to write."""
    warm = Collection(TOY, toy_splitter())
    warm.add([Article.of("Import now what is imported late: another user may not.")])
    warm.retrieve("Import", whole=0)
    if os.geteuid() == 0:
        os.seteuid(65534)
    collection = Collection(TOY, toy_splitter(), Storage.open(folder))
    pipe.send([p.chunk for p in collection.retrieve("more words", whole=0)])
    article = collection.articles[0]
    for change in (
        lambda: collection.add([Article.of("Something new.")]),
        lambda: collection.remove([article.id]),
        lambda: collection.rename(article.id, "Other"),
    ):
        try:
            change()
        except LibraryError as error:
            pipe.send(str(error))
    pipe.send(collection.articles == (article,))
    pipe.send(any("Something new." in text for text in TOY.passages))


def add(storage: Storage, *segments: Segment) -> list[str]:
    return storage.add(segments, TOY, toy_splitter())
