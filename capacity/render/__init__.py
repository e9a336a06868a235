"""What people read: text, HTML and charts."""

from capacity.base.faces import face

__getattr__, __dir__, __all__ = face(
    __name__,
    """
    answer: short_answer
    blocks: Block Coded Heading Notes Page Picture Table Text
    chances: answer_is_known assumed basis how_sure percent ranges span statements
    doctor: Finding MISSING examine
    fonts: FAMILY FONT MissingGlyphs
    html: as_html
    leverwords: lever_words
    measured: ENOUGH MODEL REF3 SPOKEN ahead answered held is_known leaning measured_line share
    pictures: chart charts_of_run draw
    plots: Plots
    sentences: against bracketed headline other_name split_assumed why_year
    sources: source_in
    text: as_text
    """,
)
