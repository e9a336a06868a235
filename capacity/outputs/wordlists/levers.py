"""Words of levers, as a person would say them."""

from __future__ import annotations

from capacity.inputs.tables.about import chinese
from capacity.inputs.tables.columns import STATUSES

WORDS: dict[str, dict[str, str]] = {
    # what a value changes, with its unit
    "of_births": {"en": "births a year", "zh": "每年出生人数（人）"},
    "of_entry": {
        "en": "entrants of the first grade per birth or child",
        "zh": "每名出生人口或儿童对应的入学人数",
    },
    "of_progression": {"en": "progression ratio into a grade", "zh": "升入年级的升级率"},
    "of_onward_share": {
        "en": "share of leavers that goes on to the next level",
        "zh": "毕业生升入下一学段的比例",
    },
    "of_migration": {
        "en": "pupils who come, in each grade and year",
        "zh": "各年级每年迁入学生（人）",
    },
    "of_housing": {"en": "homes completed a year", "zh": "每年竣工住房（套）"},
    "of_class_size": {"en": "class size (pupils)", "zh": "班额（人）"},
    "of_places": {"en": "existing places", "zh": "现有学位（个）"},
    "of_completion": {"en": "probability that projects are built", "zh": "项目建成概率"},
    # forms of value
    "is_set": {"en": "{what}: set to {value}", "zh": "{what}：设为 {value}"},
    "is_changed": {"en": "{what}: {value}", "zh": "{what}：{value}"},
    "is_times": {"en": "{what}: × {value} ({change} %)", "zh": "{what}：× {value}（{change} %）"},
    # kinds with words of their own
    "opens_later": {"en": "projects open {years} later", "zh": "项目推迟 {years}启用"},
    "opens_sooner": {"en": "projects open {years} sooner", "zh": "项目提前 {years}启用"},
    "opens_after": {
        "en": "projects open {years} after the listed autumn",
        "zh": "项目在所列年份之后 {years}启用",
    },
    "one_year": {"en": "{n} year", "zh": "{n} 年"},
    "n_years": {"en": "{n} years", "zh": "{n} 年"},
    "adds_places": {
        "en": "{n} places in each region and level chosen",
        "zh": "所选各区域、学段 {n} 个学位",
    },
    "not_built": {"en": "projects are not built", "zh": "项目不建"},
    "adds_project": {
        "en": "project {project} is added in {region}: {places} places, opens {year}",
        "zh": "在{region}增加项目 {project}：{places}学位，{year}年启用",
    },
    "places_of": {"en": "{n} {level}", "zh": "{level} {n} 个"},
    "closes_places": {
        "en": "{n} {level} places close in {region}",
        "zh": "{region}停用{level}学位 {n} 个",
    },
    "closes_school": {
        "en": "school {school} ({level}) closes in {region}",
        "zh": "{region}停办学校 {school}（{level}）",
    },
    "converts": {
        "en": "the rooms of {n} {source} places in {region} go to {target}",
        "zh": "{region} {n} 个{source}学位的教室转给{target}",
    },
    "rezones": {
        "en": "{share} % of the {level} entrants of {source} go to {target}",
        "zh": "{source}{level}新生的 {share} % 改到{target}入学",
    },
    # where and when
    "limits": {"en": " ({text})", "zh": "（{text}）"},
    "where_grade": {"en": "grade {names}", "zh": "{names} 年级"},
    "where_group": {"en": "group {names}", "zh": "{names} 类学生"},
    "where_project": {"en": "project {names}", "zh": "项目 {names}"},
    "where_status": {"en": "status {names}", "zh": "{names}项目"},
    "in_years": {"en": "{first}–{last}", "zh": "{first}—{last}年"},
    "from_year": {"en": "from {first}", "zh": "{first}年起"},
    "until_year": {"en": "until {last}", "zh": "至{last}年"},
    "in_place": {"en": "in place of an earlier value", "zh": "取代此前的值"},
    # how far a project is
    **{f"status_{name}": {"en": name, "zh": chinese("status", name)} for name in STATUSES},
}
