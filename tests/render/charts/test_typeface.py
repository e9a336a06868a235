"""Fonts of charts: ours draws what we say; what no font has is a box, and named once."""

from __future__ import annotations

import dataclasses
import io
import logging
import pickle
import re
import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib import font_manager
from matplotlib.text import Text

import capacity as package
from capacity.render import FONT, MissingGlyphs
from capacity.render.charts import (
    FORMATS,
    families,
    families_for,
    gap_chart,
    missing,
    save,
    typeface,
)
from tests.fonts import no_other_fonts
from tests.render.frames import make_frame, make_labels

LABELS = make_labels(1)
FRAME = make_frame(LABELS)
#: Titles as they are met: Hangul, Thai, Devanagari, traditional and rare Han, emoji, right to left.
SCRIPTS = "공주시 เชียงใหม่ मुंबई 臺灣𠮷 🚀☀️ ירושלים عمان ሂ Śródmieście İstanbul"
HAN = re.compile("[\u3000-\u9fff\uff00-\uffef]")
INSTALLED = typeface.installed.__wrapped__  # what `no_other_fonts` replaces
titles = st.text(
    st.one_of(
        st.sampled_from(SCRIPTS),
        st.characters(min_codepoint=0x20, exclude_categories=("Cs", "Cc", "Co", "Cn")),
    ),
    min_size=1,
    max_size=8,
)


@pytest.fixture(autouse=True)
def _alone() -> Iterator[None]:
    with warnings.catch_warnings(), no_other_fonts():
        warnings.simplefilter("error")
        yield


def named(title: str):
    """Return labels whose scenario and first region have a title."""
    said = {"en": title, "zh": title}
    regions = (dataclasses.replace(LABELS.regions[0], title=said), *LABELS.regions[1:])
    return dataclasses.replace(LABELS, title=said, regions=regions)


def test_our_font_comes_first_from_its_own_file() -> None:
    assert families()[0] == "Noto Sans SC"
    assert font_manager.findfont("Noto Sans SC") == str(FONT)
    assert FONT.stat().st_size < 3_000_000


def test_our_font_draws_all_that_we_say_and_gb_2312() -> None:
    """And the 8,105 characters of 通用规范汉字表: some that GB 2312 lacks stand for them."""
    root = Path(package.__file__).parent
    said = "".join(path.read_text(encoding="utf-8") for path in root.rglob("*.toml"))
    coded = (bytes([row, cell]) for row in range(0xA1, 0xF8) for cell in range(0xA1, 0xFF))
    wanted = "".join(pair.decode("gb2312", "ignore") for pair in coded) + "喆翀堃镕𬭎−≥▲é"
    marks = font_manager.get_font(str(FONT)).get_charmap()
    assert not [mark for mark in (*wanted, *HAN.findall(said)) if ord(mark) not in marks]


@given(title=titles, lang=st.sampled_from(["en", "zh"]))
def test_what_no_font_draws_is_named_and_no_library_warns(title: str, lang: str) -> None:
    labels = named(title)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        chart = gap_chart(FRAME, labels, year=2025, lang=lang)
        chart.get_figure().savefig(io.BytesIO(), format="png", dpi=20)
    lacking = missing(title)
    assert [type(one.message) for one in caught] == [MissingGlyphs] * bool(lacking)
    for one in caught:
        assert set(one.message.marks) <= set(lacking)
        assert set(one.message.titles) <= {labels.region_name(LABELS.regions[0].code, lang), title}


@pytest.mark.parametrize("suffix", FORMATS)
def test_boxes_stand_in_every_kind_of_file(tmp_path: Path, suffix: str) -> None:
    with pytest.warns(MissingGlyphs) as caught:
        chart = gap_chart(FRAME, named("Rocket 공주 🚀"), year=2025)
    save(chart, tmp_path / f"a.{suffix}", dpi=30)  # warnings are errors here
    (one,) = caught
    assert one.message.marks == ("공", "주", "🚀") and "Rocket 공주 🚀" in one.message.titles


def test_accents_stand_on_their_own_letters() -> None:
    """A letter that the first font would put together is drawn by another that has it."""
    first, own, boxes = families()
    assert families_for("Śródmieście") == (own, first, boxes)
    assert families_for("海淀é") == families_for("공주시") == families()
    chart = gap_chart(FRAME, named("Śródmieście"), year=2025)
    texts = [one for one in chart.findobj(Text) if "Ś" in one.get_text()]
    assert texts and all(one.get_fontfamily()[0] == own for one in texts)


def test_what_ours_lack_is_drawn_by_a_font_of_the_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """A font of matplotlib's that no chart asks otherwise stands for one of the machine."""
    mark, (first, own, boxes) = "\u1d81", families()
    assert missing(mark) == [mark]
    monkeypatch.setattr(typeface, "installed", lambda: ("STIXGeneral",))
    typeface.family_of.cache_clear()
    typeface.families_for.cache_clear()
    assert families_for(f"海淀{mark}") == (first, own, "STIXGeneral", boxes)
    assert not missing(mark) and missing("공") == ["공"]


def test_fonts_of_the_machine_are_asked_for_what_they_are_known_for_first() -> None:
    names = [font.name for font in font_manager.fontManager.ttflist]
    with pytest.MonkeyPatch.context() as patch:
        entry = dataclasses.replace(font_manager.fontManager.ttflist[0], fname="/fonts/any.ttf")
        more = [dataclasses.replace(entry, name=name) for name in ("Aa", "PingFang SC", "SimHei")]
        others = [
            dataclasses.replace(entry, name="Bb", style="italic"),
            dataclasses.replace(entry, name="Cc", weight=200),
        ]
        patch.setattr(font_manager.fontManager, "ttflist", [entry, *more, *others])
        assert INSTALLED() == ("PingFang SC", "SimHei", "Aa")
    assert "cmex10" in names and "cmex10" not in INSTALLED()


def test_the_line_says_it_in_either_language_and_not_all_of_many() -> None:
    one = MissingGlyphs("공주", ["공주시"])
    assert one.said.text("en") == (
        "no font of this machine draws 공, 주 (in 공주시): boxes stand in the charts"
    )
    assert one.said.text("zh") == "本机没有字体能显示 공、주（见于공주시），图中以方框代替"
    two = MissingGlyphs.of_all([one, MissingGlyphs("시공", ["공주시", "시공"])])
    assert two.marks == ("공", "주", "시") and two.titles == ("공주시", "시공")
    assert pickle.loads(pickle.dumps(two)).said == two.said
    many = MissingGlyphs(map(chr, range(0xAC00, 0xAC50)), map(str, range(30)))
    assert "… and 68 more" in many.said.text("en") and len(many.said.text("zh")) < 120


def test_matplotlib_is_quiet_while_a_command_looks_for_fonts(capsys: pytest.CaptureFixture) -> None:
    from capacity.cli.common import stopping

    with stopping("en", Path()):
        logging.getLogger("matplotlib.font_manager").warning("building the font cache")
    assert capsys.readouterr() == ("", "")
