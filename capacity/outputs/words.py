"""Every word of the outputs in English and Chinese, and numbers as people read them.

Words have plain ASCII signs, so that a console in any encoding shows them; charts, which
carry their own font, ask for the real minus sign.
"""

from __future__ import annotations

import locale
import math
import os
import unicodedata

LANGUAGES = ("en", "zh")
MINUS = "−"

WORDS: dict[str, dict[str, str]] = {
    # nouns, as column heads
    "year": {"en": "year", "zh": "年份"},
    "region": {"en": "region", "zh": "区域"},
    "level": {"en": "level", "zh": "学段"},
    "district": {"en": "District", "zh": "全区"},
    "demand": {"en": "demand", "zh": "学位需求"},
    "places": {"en": "places", "zh": "可用学位"},
    "places_listed": {"en": "listed places", "zh": "建成学位"},
    "gap": {"en": "gap", "zh": "缺口"},
    "gap_of": {"en": "gap {level}", "zh": "{level}缺口"},
    "gap_all": {"en": "gap all", "zh": "合计缺口"},
    "shortage": {"en": "shortage", "zh": "不足"},
    "shortage_after": {"en": "short after moves", "zh": "调剂后不足"},
    "surplus": {"en": "surplus", "zh": "富余"},
    "entrants": {"en": "entrants", "zh": "入学人数"},
    "entry_places": {"en": "entry places", "zh": "起始年级学位"},
    "entry_gap": {"en": "entry gap", "zh": "起始年级缺口"},
    "classes_needed": {"en": "classes", "zh": "需开班数"},
    "band": {"en": "band", "zh": "预警"},
    "yellow": {"en": "yellow", "zh": "黄"},
    "red": {"en": "red", "zh": "红"},
    # signs
    "short": {"en": "short", "zh": "不足"},
    "idle": {"en": "idle", "zh": "富余"},
    "balanced": {"en": "balanced", "zh": "持平"},
    "no_data": {"en": "no data", "zh": "无数据"},
    "sign": {"en": "+ short, - idle", "zh": "正 = 不足，负 = 富余"},
    "directions": {"en": "← idle | short →", "zh": "← 富余 | 不足 →"},
    # differences from the scenario that another builds on
    "against": {"en": 'Against "{of}": ', "zh": "与“{of}”相比："},
    "against_in": {
        "en": "in {year} gap {gap} and shortage {shortage} places",
        "zh": "{year}年缺口 {gap} 个、不足 {shortage} 个",
    },
    "against_before": {
        "en": "{year} is unchanged, the first change is in {first}",
        "zh": "{year}年不变，{first}年起变化",
    },
    "against_not_in": {"en": "{year} is unchanged", "zh": "{year}年不变"},
    "against_most": {
        "en": "shortage changes most in {year}: by {shortage} places (gap {gap})",
        "zh": "不足变化最大的年份为{year}年：{shortage} 个（缺口 {gap} 个）",
    },
    "against_none": {
        "en": 'Against "{of}": no change of gap or shortage in any year.',
        "zh": "与“{of}”相比：各年缺口和不足均无变化。",
    },
    "against_unknown": {
        "en": 'Against "{of}": no year whose gap is known in both.',
        "zh": "与“{of}”相比：没有双方缺口都已知的年份。",
    },
    # charts
    "gap_title": {
        "en": "Gap by region and level, {year} (places; {sign})",
        "zh": "{year}年各区域、学段学位缺口（个；{sign}）",
    },
    "trend_title": {
        "en": "Gap by region, {first}–{last} (places; gap = demand {minus} places: {sign})",
        "zh": "{first}—{last}年各区域学位缺口（个；缺口 = 需求 {minus} 学位：{sign}）",
    },
    "district_gap": {
        "en": "{district}, {scenario}: {shortage} places short, {surplus} idle; net gap {gap}",
        "zh": "{district}，{scenario}：不足 {shortage} 个，富余 {surplus} 个，净缺口 {gap} 个",
    },
    "district_unknown": {
        "en": "{district}, {scenario}: at least {shortage} places short; "
        "net gap not known (no data on places: {cells})",
        "zh": "{district}，{scenario}：已知部分不足 {shortage} 个；"
        "净缺口未知（无学位数据：{cells}）",
    },
    "net": {"en": "{district}, net", "zh": "{district}净缺口"},
    "shown": {
        "en": "{shown} of {total} regions shown (greatest absolute gap)",
        "zh": "共 {total} 个区域，仅示缺口绝对值最大的 {shown} 个",
    },
    "shown_short": {
        "en": "{shown} of {total} regions shown (greatest shortage)",
        "zh": "共 {total} 个区域，仅示不足最多的 {shown} 个",
    },
    "pooled_note": {
        "en": "hatched: {levels} pooled over the district, only its total counts",
        "zh": "斜纹：{levels}全区统筹，只看全区合计",
    },
    "bound_note": {
        "en": "≥, ≤ schools were full: demand is a lower bound",
        "zh": "≥、≤ 学校已满额：需求为下限",
    },
    "all_years": {"en": "one scale for all years", "zh": "各年同一刻度"},
    "bound_plain": {
        "en": "some schools were full: demand is a lower bound",
        "zh": "部分学校已满额：需求为下限",
    },
    "scale_note": {
        "en": "region panels share one scale, the district has its own",
        "zh": "各区域共用一个纵轴刻度，全区另用刻度",
    },
    "cut_off": {"en": "not every scale starts at 0", "zh": "纵轴不全从 0 开始"},
    "own_note": {
        "en": "region panels leave out {levels}, pooled over the district",
        "zh": "区域图不含{levels}（全区统筹）",
    },
    "panel_gap": {"en": "{region}   {year}: {gap}", "zh": "{region}   {year}年 {gap}"},
    "target": {
        "en": "plan as announced: {places} new places by {year}",
        "zh": "规划公布：{year}年前新增 {places} 个",
    },
    "target_undated": {"en": "plan: {places} new places", "zh": "规划：新增 {places} 个"},
    "base_year": {"en": "base year {year}", "zh": "基准年 {year}"},
    "short_area": {"en": "short (demand above places)", "zh": "不足（需求高于学位）"},
    "idle_area": {"en": "idle (places above demand)", "zh": "富余（学位高于需求）"},
    "both_area": {
        "en": "both: short at one level or region,\nidle at another",
        "zh": "两者并存：有的区域、学段不足，有的富余",
    },
    "n_short": {"en": "{n} short", "zh": "不足 {n}"},
    "n_idle": {"en": "{n} idle", "zh": "富余 {n}"},
    "while_idle": {
        "en": "while {places} stand idle elsewhere or at other levels",
        "zh": "同年另有 {places} 个在其他区域或学段富余",
    },
    # provenance
    "source": {"en": "source: {sources}", "zh": "来源：{sources}"},
    "quality": {"en": "data quality {quality}", "zh": "数据质量：{quality}"},
    "GREEN": {"en": "GREEN", "zh": "绿"},
    "AMBER": {"en": "AMBER", "zh": "黄"},
    "RED": {"en": "RED", "zh": "红"},
    "split_assumed": {"en": "regional split assumed", "zh": "区域拆分为假设"},
    "run": {"en": "run {run}", "zh": "运行 {run}"},
    # sentences of the terminal
    "in_year": {"en": "{scenario}, {year} ({why}): ", "zh": "{scenario}，{year}年（{why}）："},
    "target_year": {"en": "the year of the plan's target", "zh": "规划目标年"},
    "last_of_years": {"en": "the last year", "zh": "最后一年"},
    "head_gap": {"en": "gap {gap} places ({sign})", "zh": "学位缺口 {gap} 个（{sign}）"},
    "head_gap_unknown": {
        "en": "gap not known (no places given for {cells})",
        "zh": "学位缺口未知（缺学位数据：{cells}）",
    },
    "head_short": {
        "en": "shortage {places} places ({cells})",
        "zh": "不足合计 {places} 个（{cells}）",
    },
    "head_short_known": {
        "en": "shortage of at least {places} places where known ({cells})",
        "zh": "已知部分不足至少 {places} 个（{cells}）",
    },
    "head_none": {
        "en": "no shortage in any region or level",
        "zh": "各区域、学段均无不足",
    },
    "head_none_known": {
        "en": "no shortage where places are known",
        "zh": "学位数据已知处均无不足",
    },
    "head_after": {
        "en": "{places} places after conversions and moves between neighbours",
        "zh": "转用和相邻区域调剂后仍不足 {places} 个",
    },
    "head_worst": {
        "en": "greatest shortage {places} places in {year}",
        "zh": "不足最多的年份为{year}年，{places} 个",
    },
    "head_worst_known": {
        "en": "greatest known shortage {places} places in {year}",
        "zh": "已知不足最多的年份为{year}年，{places} 个",
    },
    "head_never_known": {
        "en": "no shortage in any year where places are known",
        "zh": "学位数据已知处各年均无不足",
    },
    "head_never": {"en": "no shortage in any year", "zh": "各年均无不足"},
    "head_target": {
        "en": "the plan names a gap of {places} places",
        "zh": "规划所称缺口为 {places} 个",
    },
    "head_bound": {
        "en": "demand is a lower bound in {full} of {total} cells (schools were full)",
        "zh": "{total} 处中有 {full} 处学校已满额，需求为下限",
    },
    "more": {"en": "{n} more: {places}", "zh": "另 {n} 处共 {places}"},
    "others": {"en": " and {n} more", "zh": "等，另有 {n} 处"},
    "peak": {"en": "Peak demand: {levels}.", "zh": "需求高峰：{levels}。"},
    "peak_in": {"en": "{level} {year}", "zh": "{level}{year}年"},
    "peak_first": {
        "en": "{level} {year} (falling since)",
        "zh": "{level}{year}年（此后下降）",
    },
    "peak_last": {
        "en": "{level} not before {year} (still rising)",
        "zh": "{level}不早于{year}年（仍在上升）",
    },
    "peak_flat": {"en": "{level} no peak (unchanged)", "zh": "{level}无高峰（不变）"},
    "turns": {
        "en": "From short to idle (first autumn after the last short one):",
        "zh": "由不足转为富余（最后一个不足年之后的首个秋季）：",
    },
    "own_levels": {"en": "all levels", "zh": "各学段合计"},
    "own_levels_but": {"en": "all but {levels}", "zh": "合计（不含{levels}）"},
    "turns_in": {"en": "{year}", "zh": "{year}年"},
    "still_short": {"en": "short in {year}", "zh": "{year}年仍不足"},
    "short_again": {"en": "short again in {year}", "zh": "{year}年再度不足"},
    "never_short": {"en": "never short", "zh": "始终不缺"},
    "fewer": {
        "en": "({shown} of {total} regions shown, those with the greatest shortage)",
        "zh": "（共 {total} 个区域，仅列不足最多的 {shown} 个）",
    },
    "classes_title": {
        "en": "Entry classes needed in autumn {year} (entry places: of the entry grade alone; "
        "gap: {sign}; band: yellow from 90 %, red from 100 % of entry places)",
        "zh": "{year}年秋季起始年级需开班数（起始年级学位只计该年级；缺口：{sign}；"
        "预警：黄 ≥ 90 %，红 ≥ 100 %）",
    },
    "classes_none": {"en": "No entrants are known for {year}.", "zh": "无{year}年入学数据。"},
    "by_year_title": {
        "en": "{district} by year (places; gap: {sign})",
        "zh": "{district}逐年供需（个；缺口：{sign}）",
    },
    "no_places": {"en": "no data on places: {cells}", "zh": "无学位数据：{cells}"},
    "colon": {"en": ": ", "zh": "："},
    "brackets": {"en": "({text})", "zh": "（{text}）"},
    "comma": {"en": ", ", "zh": "，"},
    "list": {"en": ", ", "zh": "、"},
    "semicolon": {"en": "; ", "zh": "；"},
    "stop": {"en": ".", "zh": "。"},
    "cell": {"en": "{region} {level}", "zh": "{region}{level}"},
}


def word(key: str, lang: str, **facts: object) -> str:
    """Give the words of a key in a language, filled with facts.

    >>> word("base_year", "zh", year=2021)
    '基准年 2021'
    """
    return WORDS[key][lang].format(**facts)


def language(choice: str | None = None) -> str:
    """Give the language of outputs: the one chosen, else that of the locale, else English."""
    if choice in LANGUAGES:
        return str(choice)
    names = [choice] if choice else [os.environ.get(name) for name in ("LC_ALL", "LC_MESSAGES")]
    names += [] if choice else [os.environ.get("LANG"), locale.getlocale()[0]]
    first = next((name for name in names if name), "").lower()
    return "zh" if first.startswith(("zh", "chinese")) else "en"


def number(value: float, *, signed: bool = False, minus: str = "-") -> str:
    """Give a number rounded to whole units, with thousands separators; NaN is empty.

    >>> number(-1234.4, signed=True), number(0.4, signed=True), number(1234, signed=True)
    ('-1,234', '0', '+1,234')
    """
    if math.isnan(value):
        return ""
    whole = round(value)
    text = f"{whole:+,}" if signed and whole else f"{whole:,}"
    return text.replace("-", minus)


def gap_text(value: float, lang: str, *, minus: str = "-") -> str:
    """Give a signed gap with its word: "+1,234 short", "-1,234 idle".

    >>> gap_text(-1234, "zh")
    '-1,234 富余'
    """
    if math.isnan(value):
        return word("no_data", lang)
    key = "short" if round(value) > 0 else "idle" if round(value) < 0 else "balanced"
    return f"{number(value, signed=True, minus=minus)} {word(key, lang)}"


def width(text: str) -> int:
    """Give the columns that a text takes on a terminal: 2 for a Chinese character."""
    return sum(_columns(character) for character in text)


def sentence(text: str) -> str:
    """Give a text with a capital first letter."""
    return text[:1].upper() + text[1:]


def cut(text: str, columns: int) -> str:
    """Shorten a text to a width, marked by an ellipsis."""
    if width(text) <= columns:
        return text
    kept = ""
    for character in text:
        if width(kept + character) >= columns:
            break
        kept += character
    return kept.rstrip() + "…"


def wrap(text: str, columns: int, lines: int = 3) -> str:
    """Break a text into at most ``lines`` lines of a width, between words or Chinese characters."""
    done: list[str] = []
    for piece in _pieces(text):
        if done and width(done[-1] + piece.rstrip()) <= columns:
            done[-1] += piece
        else:
            done.append(piece.lstrip())
    if len(done) > lines:
        done[lines - 1 :] = ["".join(done[lines - 1 :])]
    return "\n".join(cut(line.rstrip(), columns) for line in done)


def _pieces(text: str) -> list[str]:
    """Cut after spaces and Chinese characters, never before closing punctuation."""
    pieces: list[str] = []
    for character in text:
        closes = unicodedata.category(character) in {"Pe", "Po"}
        breaks = not pieces or pieces[-1][-1] == " " or _columns(pieces[-1][-1]) == 2
        if pieces and (closes or not (breaks or _columns(character) == 2)):
            pieces[-1] += character
        else:
            pieces.append(character)
    return pieces


def _columns(character: str) -> int:
    if unicodedata.combining(character) or unicodedata.category(character) in {"Mn", "Me", "Cf"}:
        return 0
    return 2 if unicodedata.east_asian_width(character) in {"W", "F"} else 1
