"""Words of charts."""

WORDS: dict[str, dict[str, str]] = {
    # charts
    "gap_title": {
        "en": "Gap by region and level, {year} (places; {sign})",
        "zh": "{year}年各区域、学段学位缺口（个；{sign}）",
    },
    "trend_title": {
        "en": "Gap by region, {years} (places; gap = demand {minus} places: {sign})",
        "zh": "{years}各区域学位缺口（个；缺口 = 需求 {minus} 学位：{sign}）",
    },
    "span": {"en": "{first}–{last}", "zh": "{first}—{last}年"},
    "span_one": {"en": "{first}", "zh": "{first}年"},
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
    "panel_gap": {"en": "{year}: {gap}", "zh": "{year}年：{gap}"},
    "target": {
        "en": "plan as announced: {places} new places by {year}",
        "zh": "规划公布：{year}年前新增 {places} 个",
    },
    "target_undated": {"en": "plan: {places} new places", "zh": "规划：新增 {places} 个"},
    "base_year": {"en": "base year {year}", "zh": "基准年 {year}"},
    "short_area": {"en": "short (demand above places)", "zh": "不足（需求高于学位）"},
    "idle_area": {"en": "idle (places above demand)", "zh": "富余（学位高于需求）"},
    "both_area": {
        "en": "short in one region or level, idle in\nanother: the total does not show it",
        "zh": "一处不足、另一处富余，合计看不出",
    },
    "n_short": {"en": "{n} short", "zh": "不足 {n}"},
    "n_idle": {"en": "{n} idle", "zh": "富余 {n}"},
    "while_idle": {
        "en": "while {places} stand idle elsewhere or at other levels",
        "zh": "同年另有 {places} 个在其他区域或学段富余",
    },
    # places by what they are made of
    "supply_title": {
        "en": "What are the places made of, and do they meet demand? {years} "
        "(places; demand above the stack = short)",
        "zh": "学位由什么构成，能否满足需求？{years}（个；需求线高于柱顶 = 不足）",
    },
    "supply_head": {
        "en": "{year} has {places} usable places for a demand of {demand}; {ahead} of them rest on "
        "projects not yet finished",
        "zh": "{year}年可用学位 {places} 个，需求 {demand} 个；其中 {ahead} 个依赖尚未建成的项目",
    },
    "supply_unknown": {
        "en": "places of {year} are not known everywhere",
        "zh": "{year}年学位数据不全",
    },
    "supply_missing": {"en": "no data on places", "zh": "无学位数据"},
    "part_existing": {"en": "existing", "zh": "现有"},
    "part_open": {"en": "opened projects", "zh": "已开办项目"},
    "part_building": {"en": "under construction", "zh": "在建"},
    "part_approved": {"en": "approved", "zh": "已批复"},
    "part_planned": {"en": "planned", "zh": "规划"},
    "part_idea": {"en": "ideas", "zh": "设想"},
    "part_measures": {"en": "other measures", "zh": "其他措施"},
    "part_closed": {
        "en": "taken away by measures (below 0)",
        "zh": "措施减少（画在 0 以下）",
    },
    "scale_own": {"en": "each level has its own scale", "zh": "各学段刻度不同"},
    "pooled_only": {
        "en": "{levels} pooled over the district: only its total counts",
        "zh": "{levels}全区统筹，只看全区合计",
    },
    # how full
    "heatmap_title": {
        "en": "How full are schools? {years} (demand ÷ places, %; above 100% = short)",
        "zh": "哪里最满？{years}学位使用率（需求 ÷ 可用学位，%；超过 100% = 不足）",
    },
    "heatmap_reds": {
        "en": "{year} has the most red: {n} of {total} regions and levels at {red} or more",
        "zh": "{year}年红色最多：{total} 处（区域、学段）中有 {n} 处达到 {red}",
    },
    "heatmap_no_red": {
        "en": "no region and level reaches {red}",
        "zh": "各区域、学段均未达到 {red}",
    },
    "heatmap_fullest": {
        "en": "fullest: {cell}, {figure} in {year}",
        "zh": "最满的是{cell}，{year}年 {figure}",
    },
    "heatmap_unknown": {"en": "no places are known", "zh": "学位数据缺失"},
    "band_red": {"en": "red: {red} or more", "zh": "红：{red} 及以上"},
    "band_yellow": {"en": "yellow: {yellow} to {red}", "zh": "黄：{yellow} 至 {red}"},
    "band_none": {"en": "below {yellow}", "zh": "{yellow} 以下"},
    "no_place": {"en": "no places", "zh": "无学位"},
    "shown_fullest": {
        "en": "{shown} of {total} regions shown per level (the fullest in any year)",
        "zh": "共 {total} 个区域，每学段仅示最满的 {shown} 个",
    },
    "heatmap_net": {
        "en": "the district's row is net: full regions are set against empty ones",
        "zh": "全区为净值：有的区域满、有的空，相互抵消",
    },
    "pooled_rows": {
        "en": "{levels} pooled over the district, only its total counts",
        "zh": "{levels}全区统筹，只看全区合计",
    },
    "bound_note_least": {
        "en": "≥ schools were full: demand is a lower bound",
        "zh": "≥ 学校已满额：需求为下限",
    },
    # entry classes
    "entry_title": {
        "en": "How many entry classes must regions open in autumn {year}? (gap in places: {sign})",
        "zh": "{year}年秋季各区域起始年级需开多少班？（班；缺口单位为个：{sign}）",
    },
    "entry_head": {
        "en": "{classes} classes; {red} of {total} regions and levels in the red band",
        "zh": "{classes}；{total} 处（区域、学段）中 {red} 处红色预警",
    },
    "entry_classes": {"en": "{level} {n}", "zh": "{level} {n} 班"},
    "entry_bands": {
        "en": "band: entrants as a share of entry places, yellow from {yellow}, red from {red}",
        "zh": "预警：入学人数占起始年级学位，黄 {yellow} 起，红 {red} 起",
    },
    "entry_sum": {
        "en": "open square: the district as a whole, not counted among the regions and levels",
        "zh": "空心方块：全区合计，不计入处数",
    },
    "shown_entry": {
        "en": "{shown} of {total} regions shown per level (greatest entry gap; of pooled levels "
        "most entrants)",
        "zh": "共 {total} 个区域，每学段仅示起始年级缺口最大的 {shown} 个"
        "（统筹学段为入学人数最多）",
    },
    "pooled_entry": {
        "en": "{levels} pooled over the district: gap and band only there",
        "zh": "{levels}全区统筹，缺口和预警只看全区",
    },
    "entry_level": {"en": "{level}, grade {grade}", "zh": "{level}{grade}年级"},
    "grade": {"en": "grade {grade}", "zh": "{grade}年级"},
    # the wave of pupils
    "wave_title": {
        "en": "Where is the wave of pupils? Pupils by grade, {years} (pupils)",
        "zh": "学生高峰走到哪里？{years}各年级学生数（人）",
    },
    "wave_peaks": {"en": "peak years are {levels}", "zh": "高峰在{levels}"},
    "wave_head": {
        "en": "the greatest cohort, {pupils} in grade {grade} in {year}, "
        "reaches grade {last_grade} in {last_year}",
        "zh": "人数最多的一届{year}年在{grade}年级（{pupils} 人），"
        "{last_year}年升至{last_grade}年级",
    },
    "wave_head_still": {
        "en": "the greatest cohort is grade {grade} of {year}, {pupils} pupils",
        "zh": "人数最多的一届{year}年在{grade}年级（{pupils} 人）",
    },
    "wave_sum": {"en": "{level}, all grades", "zh": "{level}合计"},
    "wave_shade": {"en": "darker: more pupils", "zh": "颜色越深，人数越多"},
    "wave_outline": {
        "en": "outlined: the cohort of grade {grade} in {year}; ▲ a level's peak",
        "zh": "框线：{year}年的{grade}年级这一届；▲ 学段高峰",
    },
    # the fan of draws
    "fan_title": {
        "en": "How sure is the gap, {years}? (places; {sign})",
        "zh": "{years}学位缺口有多大把握？（个；{sign}）",
    },
    "fan_all": {"en": "Shortage of all levels", "zh": "各学段合计不足"},
    "fan_level": {"en": "{level}, net gap", "zh": "{level}净缺口"},
    "fan_prob": {"en": "{share} likely above 0", "zh": "为正的概率 {share}"},
    "fan_span": {"en": "{low} to {high}", "zh": "{low} 至 {high}"},
    "fan_band": {"en": "8 of 10 draws", "zh": "十次抽样中的八次"},
    "fan_middle": {"en": "middle of the draws", "zh": "抽样中位数"},
    "fan_central": {"en": "central run", "zh": "中心情形"},
    "fan_head": {
        "en": "in 8 of 10 draws {span} places are short in {year}",
        "zh": "{year}年不足在十次抽样中有八次为 {span} 个",
    },
    "fan_as_listed": {
        "en": "dotted: central run, every listed project opens as listed",
        "zh": "虚线：中心情形，名单上的项目全部按所列时间开办",
    },
    "fan_not_sum": {
        "en": "bands do not add up: each comes from its own draws",
        "zh": "各区间不可相加：各自由抽样得出",
    },
}
