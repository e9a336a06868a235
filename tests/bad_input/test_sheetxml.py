"""A sheet's XML is seen as a parser takes it, whatever its prefixes, quotes and comments."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from xml.etree import ElementTree
from xml.parsers.expat import ExpatError

import hypothesis.strategies as st
import pytest
from hypothesis import given, settings

from capacity.base import KEPT
from capacity.inputs.tables import MAX_SHEET, SheetXml, has_cells, letters, scan_sheet
from tests.seeds import in_turn

#: What is in a cell, how it says its place, and an attribute besides.
Cell = tuple[str, str, str]

INSIDE = (
    ("", ""),
    ("", "<!-- nothing -->"),
    ("", "<~v>1</~v>"),
    ("inlineStr", "<~is><~t>&lt;c r='XFD1048576'>&lt;v>1</~t></~is>"),
    ("str", "<~v><![CDATA[<c r='XFD9'><v>1</v></c>]]></~v>"),
    ("e", "<~v>#REF!</~v>"),
    ("e", "<~f>A1</~f><~v x='>'>#N/A</~v>"),
    ("e", "<~v/>"),
    ("", "<~f>A1</~f><~v>2</~v>"),
    ("", "<~v>2</~v><~f>A1</~f>"),
    ("", "<~f>A1</~f>"),
    ("", "<~f t='e'>A1&gt;1</~f><~v></~v>"),
    ("", "<~f t='shared'/><~v/>"),
    ("str", "<~f>A1</~f><~v></~v>"),
)
_ODD = ("", "", " s='1'", " x='/>'", ' x="\'>"', " x='hidden=\"1\"'", ' x=\' t="e" r="ZZ9"\'')
_ASIDE = (
    "",
    "<!-- <c r='ZZ1'><v>1</v></c> -->",
    "<?x <c r='ZZ1'><f/></c>?>",
    "\n ",
    "<cc><v/></cc>",
)

cells = st.tuples(
    st.sampled_from(INSIDE), st.sampled_from(("first", "last", "none")), st.sampled_from(_ODD)
)
rows = st.lists(
    st.tuples(
        st.lists(cells, max_size=4), st.booleans(), st.sampled_from(("", *_ODD, " hidden='1'"))
    ),
    min_size=1,
    max_size=5,
)


def sheet(
    found: Sequence[tuple[Sequence[tuple[tuple[str, str], str, str]], bool, str]],
    tag: str,
    aside: str,
) -> bytes:
    """Write a sheet; a row that says its number lies two below the last."""
    lines, number = [], 0
    for of_row, numbered, more in found:
        number += 2 if numbered else 1
        lines.append(f"<~row{more}" + (f" r='{number}'>" if numbered else ">") + aside)
        for column, ((kind, inside), place, odd) in enumerate(of_row):
            said = [odd, f" t = '{kind}'" if kind else ""]
            if place != "none":
                said.insert(0 if place == "first" else 2, f' r="{letters(column)}{number}"')
            end = f">{inside}</~c>" if inside else "/>"
            lines.append(f"<~c{''.join(said)}{end}")
        lines.append("</~row>")
    name = f" xmlns:{tag[:-1]}='a'" if tag else ""
    text = f"<?xml version='1.0'?><~s{name}>{''.join(lines)}</~s>"
    return text.replace("~", tag).encode()


def plainly(xml: bytes) -> SheetXml:
    """Look at a sheet by a tree of its elements."""
    seen = SheetXml()
    bare, valued = [], []
    row = column = 0
    for element in ElementTree.fromstring(xml).iter():
        kind = element.tag.rpartition("}")[2]
        if kind == "row":
            row, column = int(element.get("r", row + 1)), 0
            if element.get("hidden") == "1":
                seen.hidden += 1
                seen.first_hidden = seen.first_hidden or row
        if kind != "c" or not len(element):
            continue
        address = element.get("r", "")
        column = column + 1
        inside = {one.tag.rpartition("}")[2]: one.text for one in element}
        seen.cells += 1
        if address:
            column = 1 + [letters(n) for n in range(9)].index(address.rstrip("0123456789"))
            row = int(address.removeprefix(letters(column - 1)))
        seen.columns, seen.rows = max(seen.columns, column), max(seen.rows, row)
        if element.get("t") == "e":
            seen.errors.append((address, inside.get("v") or "error"))
        if "f" in inside and not inside.get("v"):
            bare += [address] if element.get("t") != "str" else []
        if "f" in inside:
            valued.append(address)
    seen.bare = bare
    if valued and not (bare or seen.errors):
        seen.valued, seen.with_value = valued[0], len(valued)
    return seen


@settings(max_examples=4 * settings().max_examples)
@given(rows, st.sampled_from(("", "x:")), st.sampled_from(_ASIDE))
def test_a_sheet_is_seen_as_a_tree_of_it_is(found, tag: str, aside: str) -> None:
    xml = sheet(found, tag, aside)
    assert scan_sheet(xml) == plainly(xml)
    assert has_cells(xml) == (plainly(xml).cells > 0)


def test_what_is_never_told_is_counted() -> None:
    many = KEPT + 7
    for inside, kept, more in (
        ("t='e'><v>#N/A</v>", "errors", "more_errors"),
        ("><f>1</f>", "bare", "more_bare"),
    ):
        cells = "".join(f'<c r="A{n + 1}" {inside}</c>' for n in range(many))
        seen = scan_sheet(f"<s>{cells}</s>".encode())
        assert len(getattr(seen, kept)) == KEPT
        assert getattr(seen, more) == 7


@pytest.mark.parametrize("cell", ['r="1A"', "r='A B1'", 'r="ABCDEFGH1"', 'r="学1"'])
def test_a_cell_that_is_no_place_is_refused(cell: str) -> None:
    with pytest.raises(ValueError, match="is no cell"):
        scan_sheet(f"<s><c {cell}><v>1</v></c></s>".encode())


def test_a_sheet_that_is_not_well_formed_is_refused() -> None:
    for text in (
        b"<c r='A1'",
        b"<s><c></s>",
        b"<s><!-- <c/></s>",
        b"<s>\xff</s>",
        b"",
        b"<s/><s/>",
    ):
        with pytest.raises(ExpatError):
            scan_sheet(text)


def test_more_cells_than_may_be_are_not_laid_out() -> None:
    seen = scan_sheet(b"<s>%b</s>" % (b'<c r="B7"><v/></c>' * (MAX_SHEET + 1)))
    assert not seen.is_bearable
    assert (seen.columns, seen.rows) == (2, 7)


#: Well-formed sheets of any size, of which every part is met again and again.
SIZED: dict[str, Callable[[int], bytes]] = {
    "elements": lambda n: b"<s>%b</s>" % (b"<a/>" * n),
    "deep": lambda n: b"<s>%b%b</s>" % (b"<c>" * n, b"</c>" * n),
    "deep values": lambda n: b"<s><c>%b%b</c></s>" % (b"<v>" * n, b"</v>" * n),
    "formulas": lambda n: b"<s>%b</s>" % (b"<c><f>A1</f><v/></c>" * n),
    "errors": lambda n: b"<s>%b</s>" % (b"<c t='e'><f/></c>" * n),
    "open formulas": lambda n: b"<s>%b%b</s>" % (b"<c t='e'><f>" * n, b"</f></c>" * n),
    "long tag": lambda n: b"<s><c %b/></s>" % b"".join(b" a%d='>'" % i for i in range(n)),
    "long name": lambda n: b"<s><%b xmlns:c='c'/></s>" % (b"c" * n),
    "long text": lambda n: b"<s><c t='e'><v>%b</v></c></s>" % (b" " * n),
    "spaces": lambda n: b"<s><c%bt='e'><v/></c></s>" % (b" " * n),
    "comments": lambda n: b"<s>%b</s>" % (b"<!-- - -->" * n),
    "marked": lambda n: b"<s><c t='e'><v>%b</v></c></s>" % (b"<![CDATA[<c>]]>" * n),
    "hidden": lambda n: b"<s>%b</s>" % (b"<row a='1' hidden='1'/>" * n),
    "almost hidden": lambda n: (
        b"<s><row %b/></s>" % b"".join(b" hidden%d='1'" % i for i in range(n))
    ),
    "rows in rows": lambda n: b"<s>%b%b</s>" % (b"<row>" * n, b"</row>" * n),
}


@pytest.mark.parametrize(("what", "tag"), in_turn(SIZED, ("", "x:")))
def test_a_sheet_costs_no_more_than_its_length(what: str, tag: str) -> None:
    make = SIZED[what]

    def spent(size: int) -> float:
        xml = make(size).replace(b"<s>", b"<s xmlns:x='x' a=':c'>" if tag else b"<s>", 1)
        begun = time.process_time()
        scan_sheet(xml)
        return time.process_time() - begun

    size = 4_000
    while (short := spent(size)) < 0.02 and size < 16_000:  # what goes back is slower there
        size *= 4
    assert short < 1
    if short >= 0.02:  # twice as long for twice as much would be 4, what goes back 16
        assert min(spent(4 * size) / spent(size) for _ in range(2)) <= 9
