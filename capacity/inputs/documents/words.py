"""The words of problems with YAML files and the kinds of values in them."""

from __future__ import annotations

from capacity.base.errors import Message

Words = tuple[str, str, str]


def both(en: Words, zh: Words) -> dict[str, Message]:
    """Give what, expected and fix of one code in English and Chinese."""
    return {"en": Message(*en), "zh": Message(*zh)}


MESSAGES = {
    "yaml-size": both(
        ("the file is larger than {limit} MiB", "", "keep rows of data in tables"),
        ("文件大于 {limit} MiB", "", "请把数据行放进表格"),
    ),
    "yaml-empty": both(
        ("the file is empty", "keys and values such as 'name: baseline'", ""),
        ("文件是空的", "“name: baseline”这样的字段和值", ""),
    ),
    "yaml-not-map": both(
        ("the file is no map", "keys and values such as 'name: baseline'", ""),
        ("文件内容不是“字段: 值”的形式", "“name: baseline”这样的字段和值", ""),
    ),
    "yaml-tab": both(
        ("a tab indents this line", "spaces", "replace the tab by spaces"),
        ("本行用制表符缩进", "空格", "请把制表符改成空格"),
    ),
    "yaml-wide-colon": both(
        (
            "a full-width colon '：' follows the key",
            "':' and a space",
            "type the colon in English input mode",
        ),
        ("字段名后面用了全角冒号“：”", "半角 ':' 加一个空格", "请用英文输入法输入冒号"),
    ),
    "yaml-syntax": both(
        (
            "this is not YAML: {detail}",
            "",
            "check indentation, colons, quotes and brackets here and in the line above",
        ),
        ("YAML 语法错误：{detail}", "", "请检查本行和上一行的缩进、冒号、引号和括号"),
    ),
    "yaml-anchor": both(
        (
            "anchors, aliases and merge keys (&, *, <<) are not allowed",
            "",
            "write the value out, or use extends",
        ),
        (
            "不允许使用 YAML 的锚点、别名和合并写法（&、*、<<）",
            "",
            "请写出完整的值，或使用 extends",
        ),
    ),
    "yaml-tag": both(
        ("tags (!…) are not allowed", "", "remove the tag"),
        ("不允许使用 YAML 标签（!…）", "", "请删去标签"),
    ),
    "yaml-documents": both(
        (
            "a second document starts here",
            "one document in a file",
            "remove the line '---' or split the file",
        ),
        ("此处开始了第二个文档", "每个文件一个文档", "请删去“---”一行，或拆成两个文件"),
    ),
    "yaml-depth": both(
        ("nested deeper than {limit} levels", "", "remove brackets or indentation"),
        ("嵌套超过 {limit} 层", "", "请减少括号或缩进层次"),
    ),
    "yaml-key": both(
        ("this cannot be a key", "text or a whole number", "put the key in quotes"),
        ("此处不能用作字段名", "文本或整数", "请给字段名加引号"),
    ),
    "yaml-duplicate": both(
        (
            "the key {key!r} stands here and in line {line}",
            "each key once",
            "remove one of the two",
        ),
        ("字段 {key!r} 在本行和第 {line} 行重复出现", "每个字段只出现一次", "请删去其中一个"),
    ),
    "yaml-leading-zero": both(
        ("a number begins with 0", "", "put a code in quotes, or drop the zero of a number"),
        ("数字以 0 开头", "", "代码请加引号，数字请去掉开头的 0"),
    ),
    "yaml-underscore": both(
        ("a number holds an underscore", "", "put a code in quotes, or write the number without _"),
        ("数字中有下划线", "", "代码请加引号，数字请去掉下划线"),
    ),
    "yaml-not-finite": both(
        ("this is no finite number", "a number", "leave the key out where there is no value"),
        ("这不是有限的数", "一个数", "没有数值时请不写这个字段"),
    ),
    "key-unknown": both(
        ("unknown key {key!r}", "one of: {valid}", ""),
        ("没有字段 {key!r}", "以下之一：{valid}", ""),
    ),
    "key-missing": both(
        ("the key {key!r} is missing", "", "add it"),
        ("缺少字段 {key}", "", "请补上"),
    ),
    "text-unquoted": both(
        ("text is wanted for {key!r}, and unquoted this is none", "text", "put it in quotes"),
        ("字段 {key} 应为文本，这里不加引号就不是文本", "文本", "请加引号"),
    ),
    "want-text": both(
        ("wrong kind of value for {key!r}", "text", ""), ("字段 {key} 的值类型不对", "文本", "")
    ),
    "want-whole": both(
        ("wrong kind of value for {key!r}", "a whole number, without quotes", ""),
        ("字段 {key} 的值类型不对", "整数，不加引号", ""),
    ),
    "want-number": both(
        ("wrong kind of value for {key!r}", "a number, without quotes", ""),
        ("字段 {key} 的值类型不对", "数字，不加引号", ""),
    ),
    "want-bool": both(
        ("wrong kind of value for {key!r}", "true or false", ""),
        ("字段 {key} 的值类型不对", "true 或 false", ""),
    ),
    "want-map": both(
        ("wrong kind of value for {key!r}", "keys and values", ""),
        ("字段 {key} 的值类型不对", "若干“字段: 值”", ""),
    ),
    "want-list": both(
        ("wrong kind of value for {key!r}", "a list such as [a, b]", ""),
        ("字段 {key} 的值类型不对", "列表，如 [a, b]", ""),
    ),
    "want-other": both(("{key!r}: {detail}", "", ""), ("字段 {key}：{detail}", "", "")),
    "value-unlisted": both(
        ("unknown value for {key!r}", "{valid}", ""),
        ("字段 {key} 的值不在可选范围内", "{valid}", ""),
    ),
    "value-range": both(
        ("{key!r} is out of range", "{limit}", ""),
        ("字段 {key} 的值超出范围", "{limit}", ""),
    ),
    "list-length": both(
        ("{key!r} has the wrong number of items", "{limit}", ""),
        ("字段 {key} 的项数不对", "{limit}", ""),
    ),
    "code-bad": both(
        (
            "this cannot be a code",
            "1 to 64 printable characters without line breaks, not 'all'",
            "",
        ),
        ("不能作为代码", "1 至 64 个可显示字符，不含换行，且不是 all", ""),
    ),
    "name-bad": both(
        (
            "this cannot be a name",
            "1 to 64 letters, digits, - or _, not starting with -",
            "choose a name that can be a folder's",
        ),
        (
            "不能作为名称",
            "1 至 64 个字母、汉字、数字、- 或 _，不以 - 开头",
            "请换一个可用作文件夹名的名称",
        ),
    ),
    "month-day-bad": both(
        ("this is no day of the year", 'month and day in quotes, such as "08-31"', ""),
        ("这不是一年中的某一天", '加引号的月和日，如 "08-31"', ""),
    ),
    "known-bad": both(
        ("this is no year and month", "YYYY-MM, such as 2022-01", ""),
        ("这不是年月", "YYYY-MM，如 2022-01", ""),
    ),
    "text-length": both(
        ("{key!r} has the wrong number of characters", "{limit}", ""),
        ("字段 {key} 的字数不对", "{limit}", ""),
    ),
}
