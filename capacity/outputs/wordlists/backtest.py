"""Words of the back-test: how good forecasts of the past were."""

WORDS: dict[str, dict[str, str]] = {
    "percent": {"en": "{n} %", "zh": "{n}%"},
    # the scorecard
    "score_head": {
        "en": "{district}: forecasts from {n} past years ({first}–{last}), each by what was known "
        "then",
        "zh": "{district}：回看 {n} 个起点年（{first}—{last}），每次只用当年已知的数据预测",
    },
    "score_grades": {"en": "grades {first}–{last}", "zh": "{first}—{last}年级"},
    "score_within": {
        "en": "{ahead} half of the forecasts of a region's pupils were within {half}, "
        "nine of ten within {most}",
        "zh": "{ahead}的各区域学生数预测，半数误差不超过 {half}，九成不超过 {most}",
    },
    "score_band": {
        "en": "the 80 % band held {held} of the time, the 95 % band {wide}",
        "zh": "80% 区间的实际命中率为 {held}，95% 区间为 {wide}",
    },
    "score_no_band": {"en": "no draws, so no bands", "zh": "未抽样，没有区间"},
    "score_bias": {
        "en": "on average the forecasts were {bias}",
        "zh": "预测平均{bias}",
    },
    "score_better": {
        "en": "better than same-as-last-year at every horizon",
        "zh": "各提前年数都优于“与上年相同”",
    },
    "score_worse": {
        "en": "NOT better than same-as-last-year {ahead}",
        "zh": "{ahead}时并不优于“与上年相同”",
    },
    "score_worse_all": {
        "en": "NOT better than same-as-last-year at any horizon",
        "zh": "各提前年数都不优于“与上年相同”",
    },
    "score_but": {"en": ", but ", "zh": "，但"},
    "score_and": {"en": ", and ", "zh": "，且"},
    "score_closer": {
        "en": "plain cohort survival came closer on average {ahead}",
        "zh": "{ahead}时简单升级率法的平均误差更小",
    },
    "score_closer_all": {
        "en": "plain cohort survival came closer on average at every horizon",
        "zh": "各提前年数简单升级率法的平均误差都更小",
    },
    "score_few": {
        "en": "only {n} forecasts: read with care",
        "zh": "仅 {n} 次预测，请谨慎看待",
    },
    "score_few_rows": {
        "en": "{mark} fewer than {n} forecasts: read with care",
        "zh": "{mark} 少于 {n} 次预测，请谨慎看待",
    },
    "ahead_1": {"en": "one year ahead", "zh": "提前 1 年"},
    "ahead_2": {"en": "two years ahead", "zh": "提前 2 年"},
    "ahead_3": {"en": "three years ahead", "zh": "提前 3 年"},
    "ahead_n": {"en": "{years} years ahead", "zh": "提前 {years} 年"},
    "too_high": {"en": "{n} too high", "zh": "偏高 {n}"},
    "too_low": {"en": "{n} too low", "zh": "偏低 {n}"},
    "unbiased": {"en": "neither too high nor too low", "zh": "不偏高也不偏低"},
    "bias_high": {"en": "{n} too high", "zh": "{n} 偏高"},
    "bias_low": {"en": "{n} too low", "zh": "{n} 偏低"},
    "bias_none": {"en": "none", "zh": "无"},
    # its tables
    "score_by_horizon": {
        "en": "By years ahead (errors in % of a region's pupils, all levels together):",
        "zh": "按提前年数（误差为占区域学生数的百分比，各学段合计）：",
    },
    "score_by_level": {
        "en": "By level, {ahead}:",
        "zh": "分学段（{ahead}）：",
    },
    "score_by_year": {
        "en": "By the year that was forecast (all horizons): calm years and shocks apart:",
        "zh": "按被预测的年份（各提前年数合计），平稳年与异常年分开看：",
    },
    "score_by_size": {
        "en": "By size of the region, {ahead}. Errors are larger where pupils are few: below "
        "{small} a forecast hardly beats same-as-last-year; below {few} read the bands, not "
        "the figures:",
        "zh": "按区域规模（{ahead}）。学生少的区域误差更大：{small} 人以下的区域，预测很难优于"
        "“与上年相同”；{few} 人以下请看区间，不要只看单一数字：",
    },
    "score_calm": {
        "en": "Without the flagged years ({years}): {ahead}, half within {half}, nine of ten "
        "within {most}{band}.",
        "zh": "不含标记年份（{years}）：{ahead}，半数误差不超过 {half}，九成不超过 {most}{band}。",
    },
    "score_calm_band": {
        "en": "; the 80 % band held {held}",
        "zh": "；80% 区间命中率 {held}",
    },
    "score_calm_none": {
        "en": "Every forecast {ahead} is of a flagged year ({years}).",
        "zh": "{ahead}的预测全部落在标记年份（{years}）。",
    },
    "score_flagged": {"en": "* flagged in flags.csv", "zh": "* 在 flags.csv 中标记的年份"},
    "years_ahead": {"en": "years ahead", "zh": "提前年数"},
    "n_forecasts": {"en": "forecasts", "zh": "预测数"},
    "half_within": {"en": "half within", "zh": "半数以内"},
    "most_within": {"en": "9 of 10 within", "zh": "九成以内"},
    "bias": {"en": "bias", "zh": "偏差"},
    "held_80": {"en": "80 % held", "zh": "80% 命中"},
    "held_95": {"en": "95 % held", "zh": "95% 命中"},
    "naive_half": {"en": "same as last year", "zh": "与上年相同"},
    "ref3_half": {"en": "plain cohort survival", "zh": "简单升级率法"},
    "score_rivals": {
        "en": "the last two columns: half within, by holding the last year's pupils and by the "
        "mean of the last three yearly ratios",
        "zh": "最后两列为半数误差：按“与上年相同”，以及按最近三年升级率均值推算",
    },
    "size": {"en": "pupils", "zh": "学生数"},
    "size_from": {"en": "{low} and more", "zh": "{low} 人及以上"},
    "size_below": {"en": "below {high}", "zh": "{high} 人以下"},
    "size_between": {"en": "{low} to {high}", "zh": "{low}—{high} 人"},
    "all_levels": {"en": "all levels", "zh": "各学段合计"},
    # beside a run
    "measured_line": {
        "en": "Forecasts measured on these data: {text}.",
        "zh": "已用本区数据回测：{text}。",
    },
    "measured_grades": {
        "en": "Forecasts measured on these data (grades {first}–{last}): {text}.",
        "zh": "已用本区数据回测（{first}—{last}年级）：{text}。",
    },
    "measured_not": {
        "en": "Forecasts: not measured on these data.",
        "zh": "预测准确度：未用本区数据回测 (not measured on these data)。",
    },
    "measured_other": {
        "en": "Forecasts: another method or stated ratios; not measured on these data.",
        "zh": "预测准确度：所用方法或给定比率不同，未用本区数据回测 (not measured on these data)。",
    },
    # the chart
    "accuracy_title": {
        "en": "How far off past forecasts were, and how often their bands held",
        "zh": "历次预测的误差与区间命中率",
    },
    "accuracy_title_plain": {
        "en": "How far off past forecasts were",
        "zh": "历次预测的误差",
    },
    "accuracy_headline": {
        "en": "{district}: forecasts of {first}–{last}, each by what was known at its time",
        "zh": "{district}：对 {first}—{last} 年的预测，每次只用当时已知的数据",
    },
    "accuracy_error": {
        "en": "mean error by years ahead, % of a region's pupils",
        "zh": "平均误差（占区域学生数的 %），按提前年数",
    },
    "accuracy_held": {"en": "share held by years ahead, %", "zh": "区间命中率（%），按提前年数"},
    "accuracy_held_years": {
        "en": "share held by the year that was forecast, %",
        "zh": "区间命中率（%），按被预测的年份",
    },
    "method_model": {"en": "this model", "zh": "本模型"},
    "method_naive": {"en": "same as last year", "zh": "与上年相同"},
    "method_ref3": {"en": "plain cohort survival", "zh": "简单升级率法"},
    "band_80": {"en": "80 % band", "zh": "80% 区间"},
    "band_95": {"en": "95 % band", "zh": "95% 区间"},
    "accuracy_nominal": {
        "en": "dashed: what a band promises",
        "zh": "虚线：区间应有的命中率",
    },
    "accuracy_flagged": {"en": "* flagged year", "zh": "* 标记年份"},
    "accuracy_fewer": {
        "en": "{shown} of {total} levels shown",
        "zh": "共 {total} 个学段，仅示 {shown} 个",
    },
}
