"""Forecasts of a district's own past beside what came."""

from capacity.base.faces import face

__getattr__, __dir__, __all__ = face(
    __name__,
    """
    chart: LEVELS accuracy_chart
    folder: as_json backtest_folder store
    forecasts: backtest crps
    page: Card card_of headline scorecard tables
    scores: accuracy by_size by_target_year exclude_flagged
    study: BacktestResult backtest_of
    """,
)
