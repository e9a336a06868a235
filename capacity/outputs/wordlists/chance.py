"""Words of draws: ranges, probabilities, and what may be said."""

WORDS: dict[str, dict[str, str]] = {
    "chance_range": {
        "en": "In 8 of 10 draws the shortage in {year} lies between {low} and {high} places "
        "(half above {middle})",
        "zh": "{year}年的不足在十次抽样中有八次介于 {low} 至 {high} 个（中位数 {middle} 个）",
    },
    "chance_one": {
        "en": "In 8 of 10 draws the shortage in {year} is {low} places",
        "zh": "{year}年的不足在十次抽样中有八次为 {low} 个",
    },
    "chance_unknown": {
        "en": "The shortage of {year} is not known (no places given for some cells)",
        "zh": "{year}年的不足未知（部分学位数据缺失）",
    },
    "chance_short": {
        "en": "the net gap is above 0 with a probability of {share}",
        "zh": "净缺口为正的概率为 {share}",
    },
    "chance_assumed": {
        "en": "{share} of the spread of the gap comes from assumptions",
        "zh": "缺口波动的 {share} 来自假设",
    },
    "mainly_assumed": {"en": "mainly assumed", "zh": "主要取决于假设"},
    "chance_draws": {"en": "{draws} draws, seed {seed}", "zh": "抽样 {draws} 次，种子 {seed}"},
    "chance_ratios": {
        "en": "how far ratios stray: {source}",
        "zh": "比率的波动幅度：{source}",
    },
    "chance_projects": {
        "en": "how sure projects are: {source}",
        "zh": "项目的把握程度：{source}",
    },
    "by_default": {"en": "documented defaults", "zh": "文档所列默认值"},
    "by_measure": {"en": "measured on past forecasts", "zh": "由历年预测检验得出"},
    "stated": {"en": "as the scenario states", "zh": "按方案所写"},
    "chance_holds": {
        "en": "In {year}, by region and level (a statement holds in 8 of 10 draws or more):",
        "zh": "{year}年分区域、学段（十次抽样中有八次以上成立方可断言）：",
    },
    "says_short": {"en": "short", "zh": "不足"},
    "says_not_short": {"en": "not short", "zh": "不缺"},
    "says_undetermined": {"en": "undetermined", "zh": "无法断言"},
    "chance_line": {"en": "  {says}: {cells}", "zh": "  {says}：{cells}"},
    "chance_none": {"en": "none", "zh": "无"},
    "range_title": {
        "en": "Shortage in 8 of 10 draws, from low to high (places), "
        "and the share of the spread that is assumed",
        "zh": "不足的区间（个；十次抽样中有八次落入），以及波动中来自假设的占比",
    },
    "span_of": {"en": "{low}..{high}", "zh": "{low}～{high}"},
    "range_all": {"en": "all", "zh": "合计"},
    "assumed": {"en": "assumed", "zh": "假设占比"},
}
