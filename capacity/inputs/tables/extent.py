"""How large a table may be: asked of every file by every reader, before any work is done on it.

The most is what 2,000 schools fill with twelve grades in twenty years, and some more.
"""

from __future__ import annotations

#: Lines of a text file, rows of a sheet, and rows of all files of one import together.
MAX_ROWS = 500_000
#: Cells and lines of a text file, of which each takes some fifty bytes.
MAX_CELLS = 5_000_000
#: Columns of one, more than a sheet has.
MAX_COLUMNS = 20_000
#: Rows times columns up to the furthest cell of a sheet, and the cells that it may hold: those
#: schools with a row a year and 16 columns. They are XML, which takes longer than a text.
MAX_SHEET = 640_000
#: Characters in a cell, as many as the programs of offices take, and more.
MAX_TEXT = 2**15
