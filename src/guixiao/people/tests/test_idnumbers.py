"""ID arithmetic: the three worked examples of standards.md §5 are public textbook numbers."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guixiao.people import idnumbers as ids

TODAY = date(2026, 9, 28)
births = st.dates(min_value=date(1900, 1, 1), max_value=TODAY)
numbers = st.builds(lambda birth, n: ids.make(ids.UNASSIGNED, birth, n), births, st.integers(0, 999))


@pytest.mark.parametrize(
    ("first17", "last"),
    [("11010519491231002", "X"), ("44052418800101001", "4"), ("34052419800101001", "X")],
)
def test_the_worked_examples(first17: str, last: str) -> None:
    assert ids.check_digit(first17) == last


@given(numbers)
def test_a_made_number_is_valid_and_says_when(number: str) -> None:
    assert ids.is_valid(number, TODAY)
    assert ids.make(number[:6], ids.birth_of(number) or TODAY, int(number[14:17])) == number
    assert ids.student_number_valid(f"G{number}")


@given(numbers, st.integers(0, 16), st.integers(1, 9))
def test_one_wrong_digit_is_always_found(number: str, at: int, shift: int) -> None:
    wrong = f"{number[:at]}{(int(number[at]) + shift) % 10}{number[at + 1 :]}"
    assert "check" in ids.faults(wrong, TODAY)


@given(numbers, st.integers(0, 15))
def test_two_neighbours_swapped_are_found(number: str, at: int) -> None:
    swapped = number[:at] + number[at + 1] + number[at] + number[at + 2 :]
    assert swapped == number or not ids.has_check_digit(swapped)


@given(st.text(max_size=25))
def test_any_text_is_judged_without_an_error(text: str) -> None:
    assert isinstance(ids.is_valid(ids.clean(text), TODAY), bool)
    assert isinstance(ids.student_number_valid(text), bool)


def test_a_date_that_never_was_and_one_to_come() -> None:
    never = "99999920130230001"
    assert ids.faults(never + ids.check_digit(never), TODAY) == ["date"]
    assert ids.faults(ids.make(ids.UNASSIGNED, date(2026, 9, 29), 1), TODAY) == ["future"]
    assert ids.is_valid(ids.make(ids.UNASSIGNED, TODAY, 1), TODAY)


def test_full_width_and_small_letters_are_made_plain() -> None:
    assert ids.clean(" １１0105 19491231 002x ") == "11010519491231002X"


def test_the_last_digit_of_a_temporary_number_is_random() -> None:
    good = ids.make(ids.UNASSIGNED, date(2013, 3, 4), 12)
    bad = good[:17] + ("0" if good[17] != "0" else "1")
    assert ids.student_number_valid(f"L{bad}")
    assert not ids.student_number_valid(f"G{bad}")
    assert not ids.student_number_valid(f"J{bad}")
    assert not ids.student_number_valid(good)
