"""Where: spans, lines and columns, and the message that shows a fault in its line."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.ground.fault import Fault, render
from kb.ground.span import Span, line_bounds, line_column

TEXT = "un\n\tdeux é\n\ntrois"


def test_a_span_is_its_words() -> None:
    assert Span("s", 4, 8).of(TEXT) == "deux"


@pytest.mark.parametrize(
    ("offset", "place", "bounds"),
    [(0, (1, 1), (0, 2)), (2, (1, 3), (0, 2)), (3, (2, 1), (3, 10)), (4, (2, 2), (3, 10)), (11, (3, 1), (11, 11)), (12, (4, 1), (12, 17)), (16, (4, 5), (12, 17)), (17, (4, 6), (12, 17))],
)  # fmt: skip
def test_lines_and_columns_are_those_of_editors(offset: int, place: tuple[int, int], bounds: tuple[int, int]) -> None:
    assert line_column(TEXT, offset) == place
    assert line_bounds(TEXT, offset) == bounds


@given(st.text(alphabet="ab\n\r\u2028é"), st.data())
def test_a_place_is_found_again(text: str, data: st.DataObject) -> None:
    offset = data.draw(st.integers(0, len(text)))
    line, column = line_column(text, offset)
    lines = text.split("\n")
    assert sum(len(each) + 1 for each in lines[: line - 1]) + column - 1 == offset
    assert text[slice(*line_bounds(text, offset))] == lines[line - 1]


SPAN = Span("source", 4, 8)


@pytest.mark.parametrize(
    ("fault", "text", "path", "message"),
    [
        (Fault("c", "Mal."), None, None, "Mal."),
        (Fault("c", "Mal.", hint="bien"), None, None, "Mal.\n  aide : bien"),
        (Fault("c", "Mal."), TEXT, "f.txt", "f.txt: Mal."),
        (Fault("c", "Mal.", SPAN), None, None, "source: Mal."),
        (Fault("c", "Mal.", SPAN), None, "f.txt", "f.txt: Mal."),
        (Fault("c", "Mal.", SPAN), TEXT, None, "source:2:2: Mal.\n   deux é\n   ^^^^"),
        (Fault("c", "Mal.", SPAN, "bien"), TEXT, "f.txt", "f.txt:2:2: Mal.\n   deux é\n   ^^^^\n  aide : bien"),
        (Fault("c", "Mal.", Span("source", 12, 12)), TEXT, None, "source:4:1: Mal.\n  trois\n  ^"),
        (Fault("c", "Mal.", Span("source", 9, 15)), TEXT, None, "source:2:7: Mal.\n   deux é\n        ^"),
    ],
)  # fmt: skip
def test_a_fault_shows_its_line(fault: Fault, text: str | None, path: str | None, message: str) -> None:
    assert render(fault, text, path) == message


def test_a_fault_is_not_grave_unless_it_says_so() -> None:
    assert Fault("c", "Mal.") == Fault("c", "Mal.", None, "", False)
