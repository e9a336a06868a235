"""Words of comparisons: A is the one compared with, B the other, change = B - A."""

WORDS: dict[str, dict[str, str]] = {
    "side_is": {
        "en": "{side}: {title} ({scenario}, run {run})",
        "zh": "{side}：{title}（{scenario}，运行 {run}）",
    },
    "side_of": {"en": "{name} {side}", "zh": "{name}{side}"},
    "change": {"en": "change", "zh": "变化"},
    "change_sign": {
        "en": "+ more short in B, - less short in B",
        "zh": "正 = B 更缺，负 = B 有缓解",
    },
    "compare_title": {
        "en": "{district} by year (places; change = B - A; gap: {sign})",
        "zh": "{district}逐年比较（个；变化 = B - A；缺口：{sign}）",
    },
    "compare_same": {"en": "Unchanged in every year: {names}.", "zh": "各年不变：{names}。"},
    "compare_equal": {
        "en": "A and B give the same numbers in every year, region and level.",
        "zh": "A 与 B 各年、各区域、各学段的结果完全相同。",
    },
    "compare_equal_central": {
        "en": "The central run is the same: A and B give the same numbers in every year, region "
        "and level.",
        "zh": "中心情形相同：A 与 B 各年、各区域、各学段的结果完全相同。",
    },
    "compare_equal_drawn": {
        "en": "A and B give the same numbers in every year, region and level; also the draws are "
        "the same.",
        "zh": "A 与 B 各年、各区域、各学段的结果完全相同，抽样结果也相同。",
    },
    "compare_draws_differ": {
        "en": "The central run is the same in every year, region and level; the draws differ.",
        "zh": "各年、各区域、各学段的中心情形相同；抽样结果不同。",
    },
    "ranges_of_one": {
        "en": "only one of A and B has draws: ranges are not compared",
        "zh": "A、B 中只有一方有抽样：未比较区间",
    },
    "range_side": {"en": "range {side}", "zh": "区间 {side}"},
    "range_is": {
        "en": "range: of the shortage, in 8 of 10 draws",
        "zh": "区间：不足的区间，十次抽样中有八次落入",
    },
    "compare_apart": {
        "en": "A and B share no region: their regions are not compared.",
        "zh": "A 与 B 没有共同的区域：未按区域比较。",
    },
    "compare_unknown": {
        "en": "The gap of no region and level is known in both A and B.",
        "zh": "没有 A、B 双方缺口都已知的区域和学段。",
    },
    "compare_where": {
        "en": "Where the gap changes most (each in its year of greatest change; places; {sign}):",
        "zh": "缺口变化最大之处（各取变化最大的年份；个；{sign}）：",
    },
    "compare_nowhere": {
        "en": "The gap of no region and level changes by a whole place.",
        "zh": "各区域、学段的缺口变化均不足 1 个学位。",
    },
    "compare_fewer": {
        "en": "({shown} of {total} that change)",
        "zh": "（有变化的共 {total} 处，列出 {shown} 处）",
    },
    "compare_all": {
        "en": "{name} by year (places; {sign}):",
        "zh": "各方案逐年{name}（个；{sign}）：",
    },
    "compare_every": {"en": "{name} by year (places):", "zh": "各方案逐年{name}（个）："},
    # what differs in the inputs
    "inputs_differ": {"en": "What differs in the inputs (A → B):", "zh": "输入的差异（A → B）："},
    "inputs_same": {"en": "The inputs do not differ.", "zh": "输入没有差异。"},
    "what_lever": {"en": "levers", "zh": "措施 (levers)"},
    "what_setting": {"en": "scenario settings", "zh": "情景设置"},
    "what_district": {"en": "district.yaml", "zh": "district.yaml"},
    "what_table": {"en": "table {table}: {counts}", "zh": "表 {table}：{counts}"},
    "added": {"en": "added", "zh": "新增"},
    "removed": {"en": "removed", "zh": "去掉"},
    "changed": {"en": "changed", "zh": "改变"},
    "reordered": {
        "en": "levers of both stand in another order",
        "zh": "双方共有的措施顺序不同",
    },
    "rows_added": {"en": "{n} rows added", "zh": "新增 {n} 行"},
    "rows_removed": {"en": "{n} rows removed", "zh": "去掉 {n} 行"},
    "cells_changed": {"en": "{n} cells changed", "zh": "改变 {n} 格"},
    "notes_changed": {
        "en": "{n} cells of sources and notes changed",
        "zh": "来源与备注改变 {n} 格",
    },
    "standing": {"en": "{text} ({at})", "zh": "{text}（{at}）"},
    "from_to": {"en": "{name} {a} → {b}", "zh": "{name} {a} → {b}"},
    "nothing": {"en": "(none)", "zh": "（无）"},
    "inputs_more": {
        "en": "… {n} more (all in inputs.csv)",
        "zh": "……另有 {n} 处（全部见 inputs.csv）",
    },
    # the chart of differences
    "difference_title": {
        "en": "Change of the gap, {first}–{last} "
        "(places; B {minus} A: + more short in B, {minus} less short in B)",
        "zh": "{first}—{last}年学位缺口的变化（个；B {minus} A：正 = B 更缺，负 = B 有缓解）",
    },
    "difference_most": {
        "en": "A: {a}; B: {b}; the district's gap changes most in {year}: "
        "{change} (A {gap_a}, B {gap_b})",
        "zh": "A：{a}；B：{b}；全区缺口变化最大的年份为{year}年："
        "{change} 个（A {gap_a}，B {gap_b}）",
    },
    "difference_none": {
        "en": "A: {a}; B: {b}; the district's gap does not change",
        "zh": "A：{a}；B：{b}；全区缺口不变",
    },
    "difference_district": {"en": "{district}, all levels", "zh": "{district}各学段合计"},
    "difference_unknown": {
        "en": "A: {a}; B: {b}; the district's gap is not known in A or B",
        "zh": "A：{a}；B：{b}；全区缺口在 A 或 B 中未知",
    },
    "difference_cells": {"en": "by region and level", "zh": "分区域、学段"},
    "difference_still": {
        "en": "{n} rows without any change are not shown",
        "zh": "无变化的 {n} 行未列出",
    },
    "difference_fewer": {
        "en": "{shown} of {total} rows that change shown (greatest change)",
        "zh": "有变化的共 {total} 行，仅示变化最大的 {shown} 行",
    },
    "difference_scale": {"en": "darkest colour: {places} places", "zh": "颜色最深处：{places} 个"},
    "difference_pooled": {
        "en": "{levels} pooled over the district: one row",
        "zh": "{levels}全区统筹，只列一行",
    },
    "difference_hatched": {"en": "hatched: no data in A or B", "zh": "斜纹：A 或 B 无数据"},
    "difference_runs": {"en": "A {a}, B {b}", "zh": "A {a}，B {b}"},
}
