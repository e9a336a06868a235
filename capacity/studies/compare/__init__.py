"""Two runs side by side: how the numbers differ, and the inputs behind them."""

from capacity.base.faces import face

__getattr__, __dir__, __all__ = face(
    __name__,
    """
    chart: SHOWN difference_chart
    folder: as_json comparison_folder is_comparison
    page: side_by_side where_most
    study: COLUMNS Comparison RANGE VARIABLES comparison_of difference headline
    """,
)
