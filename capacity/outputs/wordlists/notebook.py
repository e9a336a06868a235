"""Words of what a notebook shows of an object."""

WORDS: dict[str, dict[str, str]] = {
    # results
    "by_region_title": {
        "en": "By region, {year} ({why}; places; gap: {sign})",
        "zh": "{year}年各区域（{why}；个；缺口：{sign}）",
    },
    "one_note": {"en": "{n} note for the reader", "zh": "{n} 条说明"},
    "n_notes": {"en": "{n} notes for the reader", "zh": "{n} 条说明"},
    "laws_hold": {"en": "self-checks passed", "zh": "自检通过"},
    "laws_fail": {"en": "self-checks FAILED: {names}", "zh": "自检未通过：{names}"},
    "only_pooled": {"en": "pooled over the district", "zh": "全区统筹"},
    # scenarios
    "builds_on": {"en": "builds on {file}", "zh": "基于 {file}"},
    "on_district": {"en": "district {district}", "zh": "区县：{district}"},
    "years_run": {"en": "base year {base}, to {last}", "zh": "基准年 {base}，至 {last} 年"},
    "n_levers": {"en": "Levers, in order:", "zh": "措施（按次序）："},
    "no_levers": {"en": "No levers: as the district has it.", "zh": "无措施：按区县现有数据。"},
    "settings": {
        "en": "Settings that differ from the defaults:",
        "zh": "与默认值不同的设置：",
    },
    "no_settings": {"en": "All settings are the defaults.", "zh": "设置均为默认值。"},
    "setting": {"en": "{value} (default {default})", "zh": "{value}（默认 {default}）"},
    "none": {"en": "none", "zh": "无"},
    # districts
    "pupils_title": {
        "en": "Pupils by region and level, {year}, the last year of enrolment",
        "zh": "{year}年各区域、学段在校生（人；在校生表的最后一年）",
    },
    "level_head": {
        "en": "{level}: grades {first}–{last}, class size {size}",
        "zh": "{level}：{first}—{last}年级，班额 {size} 人",
    },
    "level_pooled": {
        "en": "{level}; places serve the whole district",
        "zh": "{level}；学位全区统筹",
    },
    "levels_title": {"en": "Levels:", "zh": "学段："},
    "tables_title": {"en": "Tables", "zh": "数据表"},
    "table": {"en": "table", "zh": "数据表"},
    "rows": {"en": "rows", "zh": "行数"},
    "years": {"en": "years", "zh": "年份"},
    "quality_head": {"en": "least sure quality", "zh": "最低质量"},
    "targets": {"en": "Announced: {targets}.", "zh": "公布的目标：{targets}。"},
    "target_places": {"en": "{n} new places", "zh": "新增学位 {n} 个"},
    "target_places_by": {"en": "{n} new places by {year}", "zh": "{year}年前新增学位 {n} 个"},
    "target_gap": {"en": "gap {n} places", "zh": "缺口 {n} 个"},
    "n_changes": {
        "en": "{n} cells or rows were read otherwise than written.",
        "zh": "有 {n} 处未按原样读取。",
    },
    "regions_shown": {
        "en": "({shown} of {total} regions shown)",
        "zh": "（共 {total} 个区域，仅列 {shown} 个）",
    },
    # problems
    "n_errors": {"en": "{n} errors", "zh": "{n} 个错误"},
    "one_error": {"en": "{n} error", "zh": "{n} 个错误"},
    "n_warnings": {"en": "{n} warnings", "zh": "{n} 条提示"},
    "one_warning": {"en": "{n} warning", "zh": "{n} 条提示"},
    "no_problems": {"en": "No problems.", "zh": "没有问题。"},
    "n_more": {"en": "… and {n} more", "zh": "……另有 {n} 处"},
    # charts
    "plots_title": {"en": "Charts of {scenario}", "zh": "{scenario}：可画的图"},
    "plot_gap": {"en": "the gap of one year by region and level", "zh": "某一年各区域、学段缺口"},
    "plot_trend": {
        "en": "demand, places and the gap over the years, on the compass",
        "zh": "历年需求、学位与缺口，按方位排列",
    },
    "plot_heatmap": {
        "en": "how full regions and levels are, year by year, with the early-warning bands",
        "zh": "各区域、学段历年学位使用率，附预警等级",
    },
    "plot_supply": {
        "en": "demand against places by what they are made of",
        "zh": "学位需求与学位构成（现有、各进度项目、措施）",
    },
    "plot_entry": {
        "en": "the entry classes that each region must open in one autumn",
        "zh": "某年秋季各区域起始年级需开班数",
    },
    "plot_fan": {
        "en": "how sure the shortage and the gaps are, where there are draws",
        "zh": "不足与缺口的把握程度（需有抽样）",
    },
    "plot_wave": {"en": "pupils by grade over the years", "zh": "历年各年级在校生"},
}
