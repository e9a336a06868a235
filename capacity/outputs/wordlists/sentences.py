"""Words of the sentences and tables of the terminal."""

WORDS: dict[str, dict[str, str]] = {
    # differences from the scenario that another builds on
    "against": {"en": "Against {of}: ", "zh": "与{of}相比："},
    "quoted": {"en": '"{text}"', "zh": "“{text}”"},
    "run_of": {"en": '"{text}" (run {run})', "zh": "“{text}”（运行 {run}）"},
    "without_levers": {
        "en": "the scenario without the added levers",
        "zh": "未加这些措施的同一情景",
    },
    "against_in": {
        "en": "in {year} the gap changes by {gap} places, the shortage by {shortage}",
        "zh": "{year}年缺口变化 {gap} 个、不足变化 {shortage} 个",
    },
    "against_in_gap": {
        "en": "in {year} the gap changes by {gap} places, the shortage does not",
        "zh": "{year}年缺口变化 {gap} 个，不足不变",
    },
    "against_in_shortage": {
        "en": "in {year} the shortage changes by {shortage} places, the gap does not",
        "zh": "{year}年不足变化 {shortage} 个，缺口不变",
    },
    "against_before": {
        "en": "{year} is unchanged, the first change is in {first}",
        "zh": "{year}年不变，{first}年起变化",
    },
    "against_not_in": {"en": "{year} is unchanged", "zh": "{year}年不变"},
    "against_most": {
        "en": "the shortage changes most in {year}: by {shortage} places (the gap by {gap})",
        "zh": "不足变化最大的年份为{year}年：变化 {shortage} 个（缺口变化 {gap} 个）",
    },
    "against_most_gap": {
        "en": "the gap changes most in {year}: by {gap} places; no shortage changes in any year",
        "zh": "缺口变化最大的年份为{year}年：变化 {gap} 个；各年不足均不变",
    },
    "against_most_shortage": {
        "en": "the shortage changes most in {year}: by {shortage} places (the gap does not change)",
        "zh": "不足变化最大的年份为{year}年：变化 {shortage} 个（缺口不变）",
    },
    "against_none": {
        "en": "Against {of}: no change of gap or shortage in any year.",
        "zh": "与{of}相比：各年缺口和不足均无变化。",
    },
    "against_unknown": {
        "en": "Against {of}: no year whose gap is known in both.",
        "zh": "与{of}相比：没有双方缺口都已知的年份。",
    },
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
}
