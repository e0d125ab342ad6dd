"""What goes into a library comes out as it was."""

import os
from contextlib import closing
from dataclasses import replace

import pytest
from toys import HashEmbedder, stored, toy_splitter
from writers import TOY, add, segment

from index.article import Article
from index.collection import Collection
from index.errors import LibraryError
from index.segment import Segment, to_row
from index.storage import Storage

FILE = "library.sqlite3"


def same(a: Segment, b: Segment) -> bool:
    return to_row(a) == to_row(b)


def test_everything_is_kept_as_it_was(storage: Storage):
    text = "CRLF\r\nnul \0 nai\u0308ve 👩\u200d👩\u200d👧 שלום\u00a0nbsp \ufeff end"
    article = Article.of(text, "Títle", "https://example.org/ü", published="2024-05-01", author="Ann", pages=(0, 5))
    segments = [replace(segment("a"), article=article, chunks=segment("a").chunks), segment("b"), segment("c")]
    segments[0] = Segment(article, tuple(replace(c, article_id=article.id, end=9) for c in segments[0].chunks))
    assert add(storage, *segments) == [s.article.id for s in segments]
    with closing(Storage.open(storage.folder)) as again:
        loaded = stored(again)
    assert [s.article for s in loaded] == [s.article for s in segments]
    assert all(map(same, loaded, segments))
    assert loaded[0].vectors is None
    assert loaded[1].vectors.dtype == "float32"


def test_names_that_are_no_text_are_kept_as_well_as_they_can_be(storage: Storage):
    odd = replace(segment("a"), article=replace(segment("a").article, source=os.fsdecode(b"caf\xe9.txt")))
    add(storage, odd)
    assert [s.article.source for s in stored(storage)] == ["caf?.txt"]


def test_adding_is_idempotent_and_keeps_the_order(storage: Storage):
    a, b, c = map(segment, "abc")
    assert add(storage, b, a) == [b.article.id, a.article.id]
    assert add(storage, a, c, c) == [c.article.id]
    storage.remove([b.article.id, "unknown"])
    add(storage, b)
    assert [s.article.source for s in stored(storage)] == ["/a", "/c", "/b"]


def test_changed_since_tells_exactly_what_changed(storage: Storage):
    a, b = map(segment, "ab")
    add(storage, a, b)
    first = storage.changed_since(-1)
    assert storage.changed_since(first.revision) is None
    with closing(Storage.open(storage.folder)) as other:
        other.rename(b.article.id, "New")
        other.remove([a.article.id])
    changes = storage.changed_since(first.revision)
    assert changes.ids == (b.article.id,)
    assert [(s.article.title, s.vectors) for s in changes.segments] == [("New", None)]
    assert storage.changed_since(changes.revision) is None


def test_vectors_are_stored_only_with_the_title_they_were_made_for(storage: Storage):
    a = segment("a")
    add(storage, replace(a, vectors=None))
    storage.rename(a.article.id, "Newer")
    storage.set_vectors([a], TOY)  # made before the renaming
    assert [s.vectors for s in stored(storage)] == [None]
    newer = replace(a, article=replace(a.article, title="Newer"))
    storage.set_vectors([newer], TOY)
    assert same(stored(storage)[0], newer)


def test_another_embedder_is_refused_by_name_as_long_as_there_are_vectors(storage: Storage):
    other = HashEmbedder(name="other")
    add(storage, segment("a"))
    for attempt in (
        lambda: storage.check_embedder(other),
        lambda: storage.add([segment("b")], other, toy_splitter()),
        lambda: Collection(other, toy_splitter(), Storage.open(storage.folder)),
    ):
        with pytest.raises(LibraryError, match=r"toy.*other"):
            attempt()
    assert len(stored(storage)) == 1
    storage.remove([segment("a").article.id])
    assert storage.add([segment("b")], other, toy_splitter())
    storage.check_embedder(other)


def test_removed_text_is_not_left_in_the_file(storage: Storage):
    add(storage, segment("secret"), segment("other"))
    assert b"secret" in (storage.folder / FILE).read_bytes()
    storage.remove([segment("secret").article.id])
    assert b"secret" not in (storage.folder / FILE).read_bytes()
