"""Encodings that are not read are named, and never taken for Chinese."""

from __future__ import annotations

import random

import pytest

from capacity.base import Problems
from capacity.inputs.tables import decode
from tests.seeds import seeds

#: Names as tables of an office have them, by the encoding that such an office may save.
TEXTS = {
    "cp1252": "Année,Région,Élèves,Évry,Orléans,Saint-Étienne,Besançon,Niño,Größe,Straße",
    "mac_roman": "Année,Région,Élèves,Évry,Orléans,Saint-Étienne,Besançon,Niño",
    "cp1250": "uczniów,Śródmieście,Żoliborz,Łódź,Wałbrzych,Příbram,Žďár,Győr",
    "cp1251": "год,район,ученики,Школа,Центральный район,Москва,Київ",
    "koi8_r": "год,район,ученики,Школа,Центральный район,Москва",
    "cp1253": "περιοχή,τάξη,μαθητές,Αθήνα,Θεσσαλονίκη",
    "cp1254": "bölge,sınıf,öğrenci,İstanbul,Şişli,Beşiktaş",
    "big5": "學年,區域,學生數,臺北市大安區,中正區,國民小學",
    "shift_jis": "さいたま市,千代田区,児童数,小学校,ひらがな",
    "euc_jp": "さいたま市,千代田区,児童数,小学校,ひらがな",
    "euc_kr": "학년도,지역,학생수,서울특별시 강남구,공주시,초등학교",
    "cp874": "ปี,เขต,ชั้น,นักเรียน,บางรัก",
}
NAMES = {"big5": "Big5", "shift_jis": "Shift-JIS", "euc_jp": "EUC-JP", "euc_kr": "EUC-KR"}
NAMES |= {"cp1252": "Windows-1252", "cp1250": "Windows-1250", "cp1251": "Windows-1251"}
NAMES |= {"mac_roman": "Mac Roman", "koi8_r": "KOI8-R", "cp1253": "Windows-1253"}
NAMES |= {"cp1254": "Windows-1254", "cp874": "Windows-874"}
CHINESE = (
    "海淀北部",
    "上地街道",
    "马连洼",
    "羊坊店",
    "曙光",
    "万柳",
    "中关村",
    "鄞州",
    "闵行",
    "其他",
)


def file_of(words: list[str]) -> str:
    head = "year,region,grade,pupils\n"
    return head + "".join(f"2024,{word},{grade},120\n" for grade, word in enumerate(words, 1))


def read(text: str, codec: str, spoken: tuple[str, ...] = ()) -> tuple[str | None, str]:
    problems = Problems()
    found = decode(text.encode(codec), "f.csv", problems, spoken)
    return (None, problems.errors[0].text()) if found is None else (found.text, found.encoding)


@pytest.mark.parametrize("codec", TEXTS)
def test_an_encoding_is_named_with_the_place_of_its_first_letter(codec: str) -> None:
    words = TEXTS[codec].split(",")
    got, told = read(file_of(words), codec)
    assert got is None
    assert told.startswith("f.csv:2:6: encoding-other: " if ord(words[0][0]) > 127 else "f.csv:2:")
    assert NAMES[codec] in told


@pytest.mark.parametrize("codec", sorted(set(TEXTS) - {"cp874", "euc_kr", "euc_jp"}))
@pytest.mark.parametrize("seed", seeds(range(4), range(8)))
def test_a_few_names_are_never_taken_for_chinese(codec: str, seed: int) -> None:
    words = random.Random(seed).sample(TEXTS[codec].split(","), 2)
    text = file_of([word for word in words if not word.isascii()] or ["é"])
    got, _ = read(text, codec) if not text.isascii() else (None, "")
    assert got is None


@pytest.mark.parametrize("seed", seeds(range(8), range(20)))
def test_chinese_names_alone_are_read(seed: int) -> None:
    luck = random.Random(seed)
    text = file_of(luck.sample(CHINESE, luck.randint(1, len(CHINESE))))
    assert read(text, "gb18030") == (text, "gb18030")


def test_names_of_the_district_speak_for_chinese() -> None:
    text = file_of(["鄞鄠瞿"])
    assert read(text, "gb18030")[0] is None
    assert read(text, "gb18030", ("鄞鄠瞿",)) == (text, "gb18030")


#: Names that stand in no list of the package as they are, in Chinese characters alone.
HELD_OUT = {
    "gb18030": "郫都 温江 双流 新津 鹤壁 濮阳 漯河 涪陵 綦江 璧山 铜梁 荣昌 盘锦 铁岭 鞍山",
    "euc_jp": "函館市 旭川市 盛岡市 水戸市 前橋市 所沢市 船橋市 三鷹市 調布市 藤沢市 岐阜市 豊中市",
    "big5": "大安區 信義區 士林區 內湖區 松山區 萬華區 永和區 新莊區 土城區 鳳山區 左營區 學年度",
}
HELD_OUT["shift_jis"] = HELD_OUT["euc_jp"]


@pytest.mark.parametrize("codec", HELD_OUT)
@pytest.mark.parametrize("seed", range(20))
def test_names_in_chinese_characters_are_told_apart(codec: str, seed: int) -> None:
    """What is Chinese is read, and eight names of Japan or Taiwan are refused by their encoding."""
    words = random.Random(seed).sample(HELD_OUT[codec].split(), 8)
    got, told = read(file_of(words), codec)
    if codec == "gb18030":
        assert got == file_of(words)
    else:
        assert got is None and NAMES[codec] in told
