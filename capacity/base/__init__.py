"""What everything stands on: errors that people read, axes, words."""

from capacity.base.faces import face

__getattr__, __dir__, __all__ = face(
    __name__,
    """
    axes: ALL Arrays Axes Axis Bools Floats Ints along dense fingerprint ordered_sum
        tidy
    errors: At CapacityError InputError KEPT Phrase Problem Problems SHOWN Term how_many nearest
        phrase problem_lines quote
    exact: exp exp_in_place log normal_quantile power weighted_sum
    fields: Code Codes Fixed Grades Known MonthDay Name Quality Share Strict Texts Title
        UNTITLED Year as_code one_or_more titled_by
    formulas: guarded unguarded
    limits: FACTORS
    settings: BirthsAhead Calibration Chance Counted Demand HIGH Horizon LOW MAX_DRAWS MAX_SEED
        MAX_WINDOW METHODS QUANTILES SOURCES STATUSES Settings Source Supply UNSURE Unsure
    shown: HtmlRepr html page_of
    titles: ByCode Titles cell_name filled in_words listed names_in spans text_in
        with_grades within_sentence
    words: LANGUAGES MINUS WHOLE amount catalog cut gap_text grade_name language number
        ranges sentence width word wrap
    """,
)
