"""One file, sealed in order and to its end: whatever is cut, turned over, swapped or added is noticed."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from random import Random

import pytest

from guixiao.conf.keys import KeyRing
from guixiao.operations.archive import PIECE, TAG, Reader, Writer
from guixiao.operations.refusals import Damaged, Refused, WrongKey

RING = KeyRing.new()
RECORDS = [
    (b"T", b"first"),
    (b"R", Random(1).randbytes(PIECE)),
    (b"R", b""),
    (b"R", Random(2).randbytes(2 * PIECE + 7)),
    (b"E", b"{}"),
]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "one.gxb"
    writer = Writer(path, RING, {"at": "2026-11-24", "engine": "sqlite"})
    for record in RECORDS:
        writer.record(*record)
    writer.close()
    return path


def read(path: Path, ring: KeyRing = RING) -> list[tuple[bytes, bytes]]:
    with Reader(path) as reader:
        return list(reader.records(ring))


def start_of_pieces(content: bytes) -> int:
    return 8 + int.from_bytes(content[4:8], "big")


def test_what_goes_in_comes_out(file: Path) -> None:
    assert read(file) == RECORDS
    assert file.stat().st_mode & 0o077 == 0


def test_a_content_that_fills_its_last_piece_exactly(tmp_path: Path) -> None:
    path = tmp_path / "full.gxb"
    writer = Writer(path, RING, {})
    writer.record(b"R", bytes(2 * PIECE - 5))
    writer.close()
    assert read(path) == [(b"R", bytes(2 * PIECE - 5))]


def test_a_cut_is_noticed_at_every_kind_of_place(file: Path) -> None:
    """In the head, before and inside a piece, at the end of each, one byte before the end of the file."""
    content = file.read_bytes()
    begin, size = start_of_pieces(content), PIECE + TAG
    cuts = [0, 3, 8, begin - 1, begin, begin + 1, begin + TAG, begin + size // 2]
    cuts += [begin + number * size for number in (1, 2, 3)] + [len(content) - TAG, len(content) - 1]
    assert max(cuts) < len(content)
    for cut in cuts:
        file.write_bytes(content[:cut])
        with pytest.raises(Damaged):
            read(file)


def test_a_bit_that_is_turned_over_is_noticed_wherever_it_is(file: Path) -> None:
    whole = file.read_bytes()
    chance = Random(20261124)
    begin = start_of_pieces(whole)
    places = [0, 4, 8, begin - 2, begin, len(whole) - 1]
    places += [chance.randrange(8, begin) for _ in range(20)]
    places += [chance.randrange(begin, len(whole)) for _ in range(20)]
    for place in places:
        turned = bytearray(whole)
        turned[place] ^= 1 << chance.randrange(8)
        file.write_bytes(turned)
        with pytest.raises(Refused):
            read(file)


def test_pieces_in_another_order_or_of_another_file_are_noticed(file: Path, tmp_path: Path) -> None:
    content = file.read_bytes()
    begin, size = start_of_pieces(content), PIECE + TAG
    first, second = content[begin : begin + size], content[begin + size : begin + 2 * size]
    file.write_bytes(content[:begin] + second + first + content[begin + 2 * size :])
    with pytest.raises(Damaged):
        read(file)
    other = tmp_path / "other.gxb"
    writer = Writer(other, RING, {"at": "2026-11-24", "engine": "sqlite"})
    for record in RECORDS:
        writer.record(*record)
    writer.close()
    file.write_bytes(content[:begin] + other.read_bytes()[start_of_pieces(other.read_bytes()) :])
    with pytest.raises(Damaged):
        read(file)


def test_something_added_is_noticed(file: Path) -> None:
    content = file.read_bytes()
    for more in (b"x", content[-PIECE:], bytes(PIECE + TAG)):
        file.write_bytes(content + more)
        with pytest.raises(Damaged):
            read(file)


def test_another_key_ring_is_named_before_anything_is_read(file: Path) -> None:
    with pytest.raises(WrongKey, match=r"journal key \w+ \(at hand: "):
        read(file, KeyRing.new())
    with pytest.raises(WrongKey, match=r"k1 key \w+ \(at hand: none"):
        read(file, replace(RING, fields={"k2": RING.fields["k1"]}))


def test_a_ring_that_has_grown_since_still_opens_it(file: Path) -> None:
    assert read(file, RING.with_new_field_key()) == RECORDS


def test_what_is_no_backup_is_said(tmp_path: Path) -> None:
    path = tmp_path / "holiday.jpg"
    path.write_bytes(b"\xff\xd8\xff" + bytes(5000))
    with pytest.raises(Damaged, match="not a backup of Guixiao"):
        read(path)
    with pytest.raises(Refused, match="cannot be read"):
        read(tmp_path / "nowhere.gxb")


def test_a_newer_format_is_refused(file: Path) -> None:
    content = file.read_bytes()
    file.write_bytes(content.replace(b'"format": 1', b'"format": 9', 1))
    with pytest.raises(Refused, match="newer version"):
        read(file)
