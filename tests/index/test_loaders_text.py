"""Plain text: encodings, binary files, titles."""

from __future__ import annotations

import codecs

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.errors import InputError
from index.loaders import load_bytes
from index.loaders.text import decode

ENGLISH = (
    "The prime minister’s office said on Tuesday that the café’s owner — a 43-year-old — had paid £2,000 in fines. "
    "“We don’t know,” a spokesman said.\r\n"
)
FRENCH = (
    "Le président a déclaré, à l’issue du conseil, que les négociations étaient « très avancées ». L’été dernier, "
    "plusieurs élus s’étaient plaints du coût élevé — près de 3 000 € — des études préalables. Où irons-nous ?\n"
)
SPANISH = (
    "El niño llegó mañana a la estación de Málaga. ¿Qué pasó después? El señor Núñez explicó que la situación "
    "económica había mejorado según los últimos informes.\n"
)
GERMAN = (
    "Die Bundesregierung hat am Dienstag beschlossen, die Fördermittel für Städte und Gemeinden zu erhöhen. "
    "Bürgermeister Müller äußerte sich überrascht über die Größe des Betrags.\n"
)
RUSSIAN = (
    "Президент заявил во вторник, что переговоры с регионами продвигаются успешно. По его словам, новые меры "
    "поддержки начнут действовать уже в следующем году.\n"
)
POLISH = (
    "Premier ogłosił we wtorek, że rząd zwiększy środki dla gmin. Łódź, Kraków i Gdańsk otrzymają więcej pieniędzy, "
    "źródło podało, że chodzi o sześć milionów złotych.\n"
)
PORTUGUESE = (
    "O primeiro-ministro anunciou na terça-feira que o governo não vai aumentar a verba dos municípios. A decisão, "
    "disse o prefeito de São João, é inaceitável.\n"
)
CZECH = (
    "Předseda vlády v úterý oznámil, že stát zvýší příspěvky pro města. Žádné další peníze však nepřijdou, řekl "
    "starosta Dvořák.\n"
)
JAPANESE = "首相は火曜日、政府が自治体への交付金を増やすと発表した。市長は歓迎の意を示した。\n"

# Whatever people write: every code point but control characters (of which only line ends and tabs are text).
PROSE = st.lists(
    st.one_of(
        st.text(st.characters(exclude_categories=("Cs", "Cc", "Cn", "Co")), max_size=20),
        st.sampled_from(
            ["\r\n", "\n", "\t", "\u00a0", "e\u0301", "שלום", "مرحبا", "😀", "👩\u200d🚀", "\u200f", "\u2028"]
        ),
    ),
    max_size=20,
).map("".join)


@given(PROSE)
def test_utf8_is_kept_exactly(text: str) -> None:
    text = "A" + text  # not starting with a byte order mark or another format's signature
    assert decode(text.encode(), "a.txt") == text


@given(PROSE, st.sampled_from(["utf-8", "utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"]))
def test_a_byte_order_mark_names_the_encoding_and_is_dropped(text: str, encoding: str) -> None:
    text = "A" + text
    assert decode(f"\ufeff{text}".encode(encoding), "a.txt") == text


@pytest.mark.parametrize("repeats", [1, 12])
@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (ENGLISH, "cp1252"),
        (FRENCH, "cp1252"),
        (FRENCH.translate(str.maketrans("’—€", "'-E")), "latin-1"),
        (SPANISH, "latin-1"),
        (GERMAN, "latin-1"),
        (RUSSIAN, "cp1251"),
        (RUSSIAN, "koi8-r"),
        (POLISH, "cp1250"),
        (PORTUGUESE, "cp1252"),
        (CZECH, "cp1250"),
        (JAPANESE * 3, "shift-jis"),
        (ENGLISH, "utf-16-le"),
        (ENGLISH, "utf-16-be"),
        (RUSSIAN, "utf-16-le"),
        (RUSSIAN, "utf-16-be"),
        (JAPANESE, "utf-16-le"),
        (FRENCH, "utf-32-le"),
    ],
)
def test_unmarked_encodings_are_recognised(text: str, encoding: str, repeats: int) -> None:
    assert decode((text * repeats).encode(encoding), "a.txt") == text * repeats


def test_one_bad_byte_does_not_turn_utf8_into_a_code_page() -> None:
    data = (FRENCH * 5).encode()
    assert decode(data[:-1] + b"\xe2\x80", "cut.txt").startswith(FRENCH)
    assert "�" in decode(data + b"\xff", "a.txt")


@pytest.mark.parametrize("text", ["Mayor O’Neill won’t open the “new” bridge. ", JAPANESE, RUSSIAN])
def test_a_bad_byte_in_a_text_of_few_words_does_not_either(text: str) -> None:
    assert decode(text.encode() + b" Caf\xe9 owners", "a.txt") == text + " Caf� owners"


@pytest.mark.parametrize("text", [ENGLISH, JAPANESE * 3, "Plain words, and a null after a space. " * 3])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_a_stray_null_does_not_turn_a_text_into_binary_data(text: str, mark: str) -> None:
    text = f"{text} \0{text} "
    assert decode((mark + text).encode(), "a.txt") == text


def test_a_long_text_is_decoded_to_its_end_although_only_its_start_is_sampled() -> None:
    text = FRENCH * 2000
    assert decode(text.encode("cp1252"), "a.txt") == text


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "a PNG picture"),
        (b"\xff\xd8\xff\xe0" + b"x" * 50, "a JPEG picture"),
        (b"\x7fELF" + b"\2\1\1" + bytes(40), "a Linux program"),
        (b"\x1f\x8b\x08\0" + b"x" * 50, "a gzip archive"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(50), "an old Office file"),
        (b"{\\rtf1\\ansi Hello}", "an RTF document"),
        (b"\0\0\0\x18ftypmp42" + bytes(20), "an MP4 or HEIC file"),
        (b"ID3\4\0\0\0\0\1\x7f" + bytes(20), "an MP3 recording"),
        (b"GIF89a@\1\xf0\0\xf7\0\0" + b"x" * 50, "a GIF picture"),
        (b"BZh91AY&SY" + b"x" * 50, "a bzip2 archive"),
        (b"OggS\0\2" + bytes(20), "an Ogg recording"),
        (b"fLaC\0\0\0\x22" + bytes(20), "a FLAC recording"),
        (b"RIFF\x24\x08\0\0WAVEfmt " + bytes(20), "a WAV recording"),
        (b"RIFF\xff\xff\xff\xffWAVEfmt " + bytes(20), "a WAV recording"),  # of unknown length
        (b"RIFF\x24\x08\0\0WEBPVP8 " + bytes(20), "a WebP picture"),
        (b"\xca\xfe\xba\xbe\0\0\0\x34" + bytes(20), "a compiled program"),
        (b"some words\0and a null" * 9 + b"!", "binary data"),
        (bytes(range(1, 32)) * 9, "binary data"),
        (codecs.BOM_UTF16_LE + b"\x01\0\x02\0\x03\0", "binary data"),
    ],
)
def test_binary_files_are_refused_by_what_they_look_like(data: bytes, what: str) -> None:
    with pytest.raises(InputError, match=rf"^notes\.txt is not text: it looks like {what}") as caught:
        load_bytes(data, "notes.txt")
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    "text",
    [
        *("ANOTHER WAVE OF STRIKES HITS PORTS", "RIFF or WAVE: how sound is stored", "A PHOTO,WEBP or JPEG?"),
        *("ID3 sales double", "GIF87a turns forty", "GIF89a — a format", "GIF8: the sequel", "BZh9 is a signature"),
        *("OggS and out", "fLaC for all", "The ftyp box"),
    ],
)
def test_words_that_are_signatures_too_are_text(text: str) -> None:
    assert load_bytes(text.encode(), "a.txt").text == text


def test_a_broken_utf16_file_is_refused() -> None:
    with pytest.raises(InputError, match=r"^a\.txt is marked as UTF-16-LE but breaks at byte"):
        load_bytes(codecs.BOM_UTF16_LE + "abc".encode("utf-16-le") + b"\x00\xd8", "a.txt")


@given(st.binary(max_size=300))
@settings(max_examples=60)
def test_any_bytes_give_an_article_or_a_one_line_error(data: bytes) -> None:
    try:
        assert load_bytes(data, "x.txt").text.strip()
    except InputError as error:
        assert str(error).startswith("x.txt ")
        assert "\n" not in str(error)


def test_the_text_is_stored_untouched() -> None:
    text = "  Title line\r\n\r\nBody\u00a0with  double spaces, e\u0301 and trailing   \r\n\r\n\r\n\r\nEnd\t\r\n"
    article = load_bytes(b"\xef\xbb\xbf" + text.encode(), "a.txt")
    assert article.text == text
    assert article.title == "Title line"


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("Bridge to be rebuilt\n\nThe council voted.", "Bridge to be rebuilt"),
        ("\n\n  Bridge to be rebuilt  \r\n\r\nThe council voted.", "Bridge to be rebuilt"),
        ("“A new era”\n\nThe council voted.", "“A new era”"),
        ("The council voted.\n\nThen it rained.", "Harbour bridge 2024-05"),  # ends like a sentence
        ("The council voted\nto rebuild the bridge.\n", "Harbour bridge 2024-05"),  # no blank line
        ("The council voted", "Harbour bridge 2024-05"),  # nothing follows
        ("word " * 40 + "\n\nThe council voted.", "Harbour bridge 2024-05"),  # too long
    ],
)
def test_title_is_a_title_like_first_line_or_the_file_name(text: str, title: str) -> None:
    assert load_bytes(text.encode(), "news/harbour_bridge-2024-05.txt").title == title
