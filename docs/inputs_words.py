"""Words and examples of docs/inputs.md that the code does not hold, in English and Chinese.

Every entry is a pair (English, Chinese). `make_inputs.py` stops where the code has a lever
or a field without words here, so that a new one cannot stay undescribed.
"""

from __future__ import annotations

Pair = tuple[str, str]

#: Kinds of column in words.
KINDS: dict[str, Pair] = {
    "year": ("year", "年份"),
    "code": ("text", "文本"),
    "region": ("region", "区域代码"),
    "level": ("level", "学段代码"),
    "levels": ("levels", "学段代码，可多个"),
    "grade": ("grade", "年级"),
    "whole": ("whole number", "整数"),
    "number": ("number", "数字"),
    "choice": ("one of", "下列之一："),
    "month": ("YYYY-MM", "YYYY-MM"),
    "text": ("text", "文本"),
}

#: The question that a lever answers, and a line that loads in scenarios/ beside haidian.
LEVERS: dict[str, tuple[Pair, str]] = {
    "births": (
        ("What if births are higher or lower?", "出生人数更高或更低会怎样？"),
        "- {kind: births, times: .95, from: 2018}",
    ),
    "entry": (
        ("What if more of those born come to our schools?", "本地入学的比例变化会怎样？"),
        "- {kind: entry, times: 1.05, where: {region: north}, from: 2022}",
    ),
    "progression": (
        ("What if more pupils stay, or come, at a grade?", "某年级升学或留存比例变化会怎样？"),
        "- {kind: progression, times: 1.02, where: {grade: 7}, from: 2022, until: 2026}",
    ),
    "onward_share": (
        ("What if more go on to the next level?", "升入下一学段的比例提高会怎样？"),
        "- {kind: onward_share, set: .75, where: {level: high}, from: 2024}",
    ),
    "migration": (
        ("What if pupils move in, or away?", "学生迁入或迁出会怎样？"),
        "- {kind: migration, add: 20, where: {region: north, level: primary}, from: 2022, "
        "until: 2026}",
    ),
    "housing": (
        ("How many pupils do new homes bring?", "新建住房带来多少学生？"),
        "- {kind: housing, add: 3000, where: {region: north}, from: 2022, until: 2023}",
    ),
    "class_size": (
        ("What do smaller classes cost in places?", "小班化会减少多少学位？"),
        "- {kind: class_size, set: 35, where: {level: primary}, from: 2028}",
    ),
    "places": (
        ("What if the standing schools hold more or less?", "现有学校容量变化会怎样？"),
        "- {kind: places, times: .97, where: {region: south}, from: 2024}",
    ),
    "completion": (
        ("How sure are projects, where chance is drawn?", "抽样时项目建成的概率多大？"),
        "- {kind: completion, set: .8, where: {status: planned}}",
    ),
    "delay": (
        ("What if projects open late?", "项目延期会怎样？"),
        "- {kind: delay, add: 2, where: {status: [approved, planned]}}",
    ),
    "add_places": (
        ("What do temporary or recovered premises give?", "临时校舍或收回校舍能补多少？"),
        "- {kind: add_places, add: 400, where: {region: east, level: middle}, from: 2023, "
        "until: 2028}",
    ),
    "cancel": (
        ("What if projects are dropped?", "项目取消会怎样？"),
        "- {kind: cancel, where: {region: west, status: planned}}",
    ),
    "add_project": (
        ("What does one more school give?", "多建一所学校会怎样？"),
        "- {kind: add_project, add_project: {project: new-school, region: north, status: planned, "
        "opens: 2026, kind: new, places_primary: 960, places_middle: 480}}",
    ),
    "close": (
        ("What if places, or a school, go out of use?", "停用部分学位或一所学校会怎样？"),
        "- {kind: close, close: {region: east, level: primary, places: 600}, from: 2024}",
    ),
    "convert": (
        ("What if idle rooms serve another level?", "富余教室转给别的学段会怎样？"),
        "- {kind: convert, convert: {region: central, from_level: primary, to_level: middle, "
        "places: 1000}, from: 2028}",
    ),
    "rezone": (
        ("What if entrants go to school in another region?", "入学新生分流到别的区域会怎样？"),
        "- {kind: rezone, rezone: {from_region: south, to_region: north, level: middle, "
        "share: .02}, from: 2023}",
    ),
}

#: Chinese for each English description of a field in the code: a changed one needs new words.
CHINESE: dict[str, str] = {
    # district.yaml
    "What files and messages call the district.": "文件和提示中区的名称。",
    "What charts call it; the name by default.": "图表中的名称；默认用 name。",
    "What charts call it; the code by default.": "图表中的名称；默认用 code。",
    "Regions, in map order.": "区域，按地图顺序。",
    "Levels of school.": "学段。",
    "Needed with births or children.": "有出生或儿童表时必需。",
    "For each level, pairs of regions between which pupils may move.": (
        "各学段中学生可以相互流动的区域对。"
    ),
    "What the district has announced.": "区里公布的目标。",
    "What tables and scenarios call the region.": "表格和方案中区域的代码。",
    "[row, column] on the grid of charts, from the north-west.": (
        "在图表网格上的位置 [行, 列]，自西北角起。"
    ),
    "The region of which it is a part.": "所属的上级区域。",
    "What tables and scenarios call the level.": "表格和方案中学段的代码。",
    "[first, last] grade.": "[起始年级, 末尾年级]。",
    "Pupils in a class at the norm.": "标准班额。",
    "Where a spare place serves: its region or the district.": "空余学位在哪里可用：本区域或全区。",
    "Share of leavers of the level before that goes on.": "上一学段毕业生升入本学段的比例。",
    "Where these figures come from.": "这些数字的来源。",
    "How sure these figures are.": "这些数字的可靠程度。",
    "Year and month of publication, YYYY-MM.": "公布年月，YYYY-MM。",
    "Anything a reader should know.": "读者应知道的事。",
    "Age reached by the cut-off.": "截止日前须满的年龄。",
    "Month and day of the cut-off in the year of entry.": "入学当年截止日的月和日。",
    "Last month and day of a year of the births table.": "出生表中一年的最后月和日。",
    "New places announced.": "公布的新增学位。",
    "The year by which they open.": "完成年份。",
    "The gap announced; positive is short.": "公布的缺口；正数为不足。",
    # scenario files
    "What the scenario's folder of results is called.": "方案名，也是结果文件夹名。",
    "What a planner wants to know.": "方案要回答的问题。",
    "A scenario file in this one's folder whose keys it builds on.": (
        "同一文件夹中作为基础的方案文件。"
    ),
    "The district's folder, inside this file's own folder.": "区数据文件夹，在本文件所在文件夹内。",
    "The years of a run.": "起止年份。",
    "The last year of enrolment used; its autumn.": "所用在校生的最后一年（秋季）。",
    "The last year forecast.": "预测的最后一年。",
    "How pupils are forecast.": "学生数如何预测。",
    "What is built.": "建什么。",
    "What is drawn.": "抽样。",
    "Changes, in order; those of extends come first.": "按顺序的改动；extends 中的在前。",
    "Ratios into later grades.": "升入以后各年级的比率。",
    "Entrants per birth or child.": "每名出生人口或儿童对应的入学人数。",
    "Births yet unknown.": "尚未知道的出生人数。",
    "mean of the yearly ratios; pooled: sum over sum; shrunk: the fewer pupils, the closer to "
    "longer pasts and larger areas.": (
        "mean：逐年比率的平均；pooled：合计之比；shrunk：人数越少，越向更长的历史和更大的范围靠拢。"
    ),
    "Years up to the base year.": "截至基准年的年数。",
    "trend, damped by .8 a year; hold; or a change per year as a share (-0.03).": (
        "trend：趋势，每年减弱为 0.8；hold：保持；或每年变化比例（-0.03）。"
    ),
    "Projects of these statuses count.": "计入哪些状态的项目。",
    "How projects fill; as_listed: as each one says.": "项目如何启用；as_listed：按各项目所写。",
    "Probability that a project of a status is built.": "各状态项目建成的概率。",
    "For a status, years of delay and their probabilities; the rest is on time.": (
        "各状态延期年数及其概率；其余按时。"
    ),
    "How many; 0: central only.": "抽样次数；0 为只算中心方案。",
    "The same seed, the same draws.": "种子相同，抽样相同。",
    "What varies from draw to draw; all by default.": "抽样时变化的内容；默认全部。",
    # own keys of levers
    "Code of the project, new to the pipeline.": "项目代码，不可与已有项目相同。",
    "Region in which it stands.": "所在区域。",
    "How far it is.": "进度。",
    "First autumn in use.": "投入使用的第一个秋季。",
    "Its name.": "项目名称。",
    "How it fills.": "启用方式。",
    "Floor area.": "建筑面积。",
    "Site, hectares.": "用地，公顷。",
    "Cost.": "投资。",
    "Last year to decide.": "最迟决策年份。",
    "Where this comes from.": "来源。",
    "How sure it is.": "可靠程度。",
    "Year and month of publication.": "公布年月。",
    "Region of the places.": "学位所在区域。",
    "Level of the places.": "学位所属学段。",
    "Places closed.": "停用的学位数。",
    "The school closed.": "停用的学校。",
    "Level that gives them up.": "让出教室的学段。",
    "Level that takes the rooms.": "接收教室的学段。",
    "Places, counted at the source.": "学位数，按让出的学段计。",
    "Region that gives them up.": "分出的区域。",
    "Region that takes them.": "接收的区域。",
    "Level whose entrants move.": "分流哪个学段的新生。",
    "Share of the entrants.": "占新生的比例。",
}

#: What a field needs said beside its description in the code: `Model.key`.
MORE: dict[str, Pair] = {
    "DistrictFile.neighbours": (
        "A pair works both ways; a level that is not listed has no moves.",
        "一对即双向；未列出的学段不流动。",
    ),
    "DistrictFile.targets": (
        "Drawn as a dashed line; no calibration reads it.",
        "图中画为虚线；任何推算都不读它。",
    ),
    "Region.within": (
        "Tables name only regions without others within them; a parent's rows are sums.",
        "表格只写没有下级的区域；上级区域的结果是合计。",
    ),
    "Level.pool": (
        "`district`: a spare place anywhere serves, as in general high schools.",
        "`district`：全区任何空余学位都可用，如普通高中。",
    ),
    "Level.onward": (
        "Without it the lever `onward_share` takes only `times`.",
        "不填时调整项 `onward_share` 只能用 `times`。",
    ),
    "Closing.places": ("One of places and school.", "学位数和学校二选一。"),
    "Closing.school": ("One of places and school.", "学位数和学校二选一。"),
}

#: district.yaml with every key.
DISTRICT = """\
name: example
title: {en: Example District, zh: 示例区}
regions:
  - {code: north, title: {en: North, zh: 北部}, cell: [0, 1]}
  - {code: city, title: {en: City, zh: 城区}, cell: [1, 1]}
  - {code: central, title: {en: Central, zh: 中部}, within: city}
  - {code: south, title: {en: South, zh: 南部}, within: city}
levels:
  - {code: primary, title: {en: Primary, zh: 小学}, grades: [1, 6], class_size: 40}
  - {code: middle, title: {en: Middle, zh: 初中}, grades: [7, 9], class_size: 40}
  - code: high
    title: {en: High, zh: 高中}
    grades: [10, 12]
    class_size: 45
    pool: district
    onward: 0.69
    source: yearbook 2022
    quality: AMBER
    known: 2023-04
    note: net of pupils from elsewhere
entry: {age: 6, cutoff: "08-31", births_year_ends: "12-31"}
neighbours: {middle: [[north, central], [central, south]]}
targets: {new_places: 45000, new_places_by: 2025, gap: 60000}
"""

#: Rows of each table with every column, read beside DISTRICT.
ROWS: dict[str, str] = {
    "enrolment": """\
year,region,grade,pupils,group,sought,source,quality,known,note
2024,north,1,980,hukou,1010,school census,GREEN,2024-10,autumn count
""",
    "births": """\
year,region,births,group,source,quality,known,note
2018,north,1050,,yearbook,GREEN,2019-06,registered births
2018,all,5200,,yearbook,GREEN,2019-06,
""",
    "children": """\
year,region,age,children,source,quality,known,note
2024,north,4,1020,kindergartens,AMBER,2024-12,
""",
    "places": """\
region,level,places,year,school,classes,class_size,kind,convertible_to,closes,floor_area_m2,sd,\
source,quality,known,note
north,primary,960,2024,First School,24,40,public,middle,2035,12000,0.02,census,GREEN,2024-10,
""",
    "pipeline": """\
project,region,status,opens,places_primary,places_middle,places_high,title,kind,fill,\
floor_area_m2,site_ha,cost,decide_by,source,quality,known,note
north-1,north,approved,2026,960,480,0,North School,new,by_grade,21000,2.4,180000000,2024,plan,\
AMBER,2024-03,
""",
    "ratios": """\
grade,region,ratio,year,group,sd,basis,source,quality,known,note
1,all,1.05,2026,,0.02,births,own estimate,RED,2025-01,
""",
    "housing": """\
year,region,homes,source,quality,known,note
2023,north,1200,completions,GREEN,2024-02,
2027,north,3000,plan,RED,2024-02,
""",
    "yields": """\
level,years_since,pupils_per_home,source,quality,known,note
primary,1,0.05,survey,AMBER,2024-02,
primary,2,0.03,survey,AMBER,2024-02,
""",
    "flows": """\
level,from,to,share,source,quality,known,note
middle,north,north,0.9,admissions,AMBER,2024-08,
middle,north,central,0.1,,,,
middle,central,central,1,,,,
middle,south,south,1,,,,
""",
    "actuals": """\
year,region,level,measure,value,source,quality,known,note
2025,all,primary,pupils,31200,bulletin,AMBER,2026-03,
""",
    "flags": """\
year,region,reason,source,quality,known,note
2021,north,boundary moved,,,,
""",
}

#: A scenario file with every root key but `extends`, to lie in scenarios/ beside haidian.
SCENARIO = """\
name: question
title: {en: My question, zh: 我的问题}
question: {en: What if schools open late?, zh: 学校延期会怎样？}
district: haidian
horizon: {base_year: 2020, last_year: 2035}
demand:
  progression: {method: mean, window: 3}
  entry: {method: pooled, window: 3}
  births: {after_last: hold}
supply:
  count: [open, building, approved]
  fill: as_listed
  completion: {approved: 0.95, planned: 0.9}
  delay: {planned: {0: 0.6, 1: 0.3, 2: 0.1}}
chance: {draws: 1000, seed: 1, sources: [births, projects]}
levers:
  - {kind: delay, add: 1, where: {status: approved}}
"""

#: A file that builds on SCENARIO, as `question.yaml`.
EXTENDING = """\
name: cautious
extends: question.yaml
demand:
  births: {after_last: -0.03}
supply:
  count: [open, building]
levers:
  - {kind: class_size, set: 38, where: {level: primary}, from: 2026}
"""

#: The smallest district: pupils of grades 1-6 by year and region, and places.
SMALLEST_PUPILS: dict[int, tuple[tuple[int, ...], ...]] = {
    2024: ((510, 490, 480, 470, 450, 430), (300, 310, 290, 280, 290, 270)),
    2025: ((520, 512, 494, 481, 473, 452), (290, 298, 309, 291, 279, 288)),
}
SMALLEST_PLACES = (2880, 1760)
