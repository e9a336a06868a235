"""Words of calibrated ratios: what the past of a district gives."""

WORDS: dict[str, dict[str, str]] = {
    "ratios_head": {
        "en": "{district}: {n} ratios of {regions} regions, calibrated by {method} on {years}",
        "zh": "{district}：{regions} 个区域共 {n} 个比率，方法 {method}，依据 {years}",
    },
    "ratios_none": {
        "en": "{district}: no two years follow each other, so there is no ratio",
        "zh": "{district}：没有连续两年的数据，无法推算比率",
    },
    "ratios_shrunk": {
        "en": "large cohorts follow their recent years, small ones their long run, tiny ones all "
        "areas; a run also mixes small areas with the pupils they have",
        "zh": "大规模年级跟随近年，小规模跟随长期，极小规模跟随全区；"
        "运行时小区域还会与现有学生数混合",
    },
    "ratios_mean": {
        "en": "each is the mean of the yearly ratios of the last {window} years",
        "zh": "各比率为最近 {window} 年逐年比率的平均",
    },
    "ratios_pooled": {
        "en": "each is the sum over the sum of the last {window} years",
        "zh": "各比率为最近 {window} 年合计之比",
    },
    "ratios_held": {
        "en": "grades of regions without a ratio, which stay at their last pupils but where "
        "ratios.csv states one: {n}",
        "zh": "有 {n} 个区域年级没有比率，维持最近学生数（ratios.csv 已给出的除外）",
    },
    "ratios_flagged": {
        "en": "yearly ratios flagged and kept out: {n}",
        "zh": "有 {n} 个逐年比率已标注剔除",
    },
    "ratios_breaks": {
        "en": "breaks found in past years: {n} (breaks.csv); none is repaired",
        "zh": "历史数据中发现 {n} 处突变（见 breaks.csv），程序不作修补",
    },
    "ratios_no_breaks": {
        "en": "no break found from {first} on, the first year that earlier ones can foretell",
        "zh": "自 {first} 年（首个可由更早年份推算的年份）起未发现突变",
    },
    "ratios_untested": {
        "en": "too few years to look for breaks: three that follow each other at least",
        "zh": "年份太少，无法查找突变：至少需要连续三年",
    },
    "ratios_by_grade": {
        "en": "By grade, over {regions} regions (lowest, middle, highest ratio; spread: middle "
        "standard deviation of the yearly ratios):",
        "zh": "各年级比率，共 {regions} 个区域（最低、居中、最高；波动：逐年比率标准差的居中值）：",
    },
    "ratios_table": {
        "en": "Ratio into each grade (spread: standard deviation of the yearly ratios):",
        "zh": "各年级比率（波动：逐年比率的标准差）：",
    },
    "grade_into": {"en": "grade", "zh": "年级"},
    "basis": {"en": "per", "zh": "基数"},
    "ratio": {"en": "ratio", "zh": "比率"},
    "spread": {"en": "spread", "zh": "波动"},
    "years_of": {"en": "years", "zh": "年数"},
    "from_until": {"en": "from-to", "zh": "起止"},
    "towards": {"en": "drawn towards", "zh": "收缩至"},
    "lowest": {"en": "lowest", "zh": "最低"},
    "middle_of": {"en": "middle", "zh": "居中"},
    "highest": {"en": "highest", "zh": "最高"},
    "highest_in": {"en": "highest in", "zh": "最高区域"},
    "per_births": {"en": "births", "zh": "出生"},
    "per_children": {"en": "children", "zh": "儿童"},
    "per_neither": {"en": "held", "zh": "维持"},
    "per_": {"en": "grade below", "zh": "低一年级"},
    "towards_long_run": {"en": "long run {value}", "zh": "长期 {value}"},
    "towards_all_areas": {"en": "all areas {value}", "zh": "全区 {value}"},
    "towards_": {"en": "-", "zh": "-"},
    "held_at": {"en": "held at {n}", "zh": "维持 {n} 人"},
    # the chart
    "ratios_title": {
        "en": "Ratio into each grade and how it varied, {years}",
        "zh": "{years}各年级升级率及其逐年波动",
    },
    "ratios_headline": {
        "en": "{district}, calibrated by {method} to {base}: {most}",
        "zh": "{district}，方法 {method}，基准年 {base}：{most}",
    },
    "ratios_widest": {
        "en": "{region}, grade {grade}, strays most: by {sd}, {pupils} pupils, in a usual year",
        "zh": "{region} {grade} 年级波动影响最大：一般年份偏离 {sd}，约 {pupils} 人",
    },
    "ratios_no_grade": {
        "en": "no ratio above entry:\nthe grades are held",
        "zh": "入学以上年级无比率，\n维持不变",
    },
    "ratios_steady": {"en": "one year each, so no spread", "zh": "仅一年，无波动可言"},
    "ratios_axis": {
        "en": "pupils ÷ those a grade lower a year before",
        "zh": "学生数 ÷ 上年低一年级学生数",
    },
    "ratios_grades": {"en": "grade entered", "zh": "升入年级"},
    "ratio_year": {"en": "ratio of one year (size: pupils)", "zh": "一年的比率（大小：学生数）"},
    "ratio_out": {"en": "year not used, or flagged", "zh": "未用或已剔除的年份"},
    "ratio_used": {"en": "ratio used", "zh": "采用的比率"},
    "ratio_all": {"en": "all areas", "zh": "全区"},
    "ratios_fewer": {
        "en": "{shown} of {total} shown: those that stray by most pupils in a usual year",
        "zh": "共 {total} 个，仅示一般年份偏离人数最多的 {shown} 个",
    },
    "ratios_beyond": {
        "en": "{n} dots beyond the scale stand at its edge (triangles)",
        "zh": "{n} 个点超出刻度，标在边缘（三角）",
    },
    "ratios_entry": {
        "en": "entry on a scale of its own, at the left",
        "zh": "入学比率另用左侧刻度",
    },
}
