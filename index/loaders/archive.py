"""ZIP containers checked before a library unpacks them, so that none can fill the memory."""

from __future__ import annotations

import io
import zipfile
import zlib

from index.loaders.parsed import unreadable

MAX_UNPACKED_BYTES = 200 * 1024 * 1024
MAX_RATIO = 200  # unpacked to packed; office XML stays well under 50
MAX_MEMBERS = 10_000
_RATIO_MATTERS_FROM = 20 * 1024 * 1024
_STEP = 1 << 16


def check_archive(data: bytes, name: str, max_unpacked: int = MAX_UNPACKED_BYTES) -> None:
    """Read every member of a ZIP to its end, within bounds, and keep nothing.

    Both the sizes that the archive declares and the bytes that come out are bounded.

    Raises:
        InputError: It is broken, encrypted or unpacks to too much.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = archive.infolist()
            if len(members) > MAX_MEMBERS:
                raise unreadable(name, f"holds {len(members):,} files inside; at most {MAX_MEMBERS:,} are read.")
            if any(member.flag_bits & 1 for member in members):
                raise unreadable(name, "is protected by a password: save a copy without one and add that.")
            _bound(sum(member.file_size for member in members), len(data), name, max_unpacked)
            total = 0
            for member in members:
                with archive.open(member) as stream:
                    while block := stream.read(_STEP):
                        total += len(block)
                        _bound(total, len(data), name, max_unpacked)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError) as error:
        raise unreadable(name, f"is broken: its ZIP container cannot be unpacked ({error}).") from None


def _bound(unpacked: int, packed: int, name: str, limit: int) -> None:
    if unpacked > limit:
        raise unreadable(name, f"unpacks to more than {limit // 2**20} MiB: split it or save it without pictures.")
    if unpacked > _RATIO_MATTERS_FROM and unpacked > MAX_RATIO * packed:
        raise unreadable(
            name, f"unpacks to {unpacked // packed} times its size: it looks like a ZIP bomb and is not read."
        )
