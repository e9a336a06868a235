"""Words of charts."""

WORDS: dict[str, dict[str, str]] = {
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
}
