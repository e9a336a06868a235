"""Tables of a district folder to checked frames, a file a stage.

`files` bytes, and their text · `sheets`, `xlsx` and `workbook` a sheet: cells with their places ·
`headers` its columns by name · `values` and `readers` a cell to a value · `frames` the rows
without a fault · `rules` what holds across rows, and totals · `folder` conducts it. What columns
there are is told in ``words/tables.toml`` (`columns`).
"""
