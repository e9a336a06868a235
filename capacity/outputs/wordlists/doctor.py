"""Words of the doctor, who says what is missing on a machine."""

WORDS: dict[str, dict[str, str]] = {
    # states
    "state_ok": {"en": "OK", "zh": "正常"},
    "state_missing": {"en": "missing", "zh": "缺少"},
    "state_optional": {"en": "optional", "zh": "可选"},
    "state_advice": {"en": "advice", "zh": "建议"},
    # what is looked at
    "look_install": {"en": "capacity", "zh": "capacity"},
    "look_font": {"en": "Chinese font of charts", "zh": "图表中文字体"},
    "look_names": {"en": "file names", "zh": "文件名编码"},
    "look_terminal": {"en": "terminal", "zh": "终端编码"},
    "look_folder": {"en": "writing here", "zh": "本文件夹可写"},
    "look_disk": {"en": "free disk", "zh": "可用磁盘"},
    "look_cores": {"en": "cores", "zh": "处理器核数"},
    "look_memory": {"en": "free memory", "zh": "可用内存"},
    "look_extra": {"en": "extra [{name}]", "zh": "组件 [{name}]"},
    # what was found
    "found_none": {"en": "not there", "zh": "没有"},
    "found_old": {"en": "{found}, too old", "zh": "{found}，版本过旧"},
    "found_lacks": {"en": "without {names}", "zh": "缺 {names}"},
    "found_unknown": {"en": "not known", "zh": "未知"},
    "found_english": {"en": "none: charts would be in English", "zh": "无：图表将用英文"},
    "found_no_chinese": {"en": "{found}: without Chinese", "zh": "{found}：不能显示中文"},
    "found_writable": {"en": "yes", "zh": "是"},
    "found_whole": {"en": "all there", "zh": "齐全"},
    "found_size": {"en": "{size:.1f} GB", "zh": "{size:.1f} GB"},
    # what mends it where no command does
    "mend_disk": {"en": "delete what you do not need", "zh": "请清理磁盘"},
    "mend_folder": {"en": "cd to a folder of your own", "zh": "请用 cd 进入自己的文件夹"},
    "mend_python": {"en": "install Python {wanted}", "zh": "请安装 Python {wanted}"},
    "mend_memory": {"en": "close other programs", "zh": "请关闭其他程序"},
    # the end
    "doctor_well": {"en": "Everything needed is there.", "zh": "所需组件齐全。"},
    "doctor_ill": {"en": "Missing: {names}.", "zh": "缺少：{names}。"},
}
