"""Forecasts of a district's own past beside what came."""

from capacity.base.faces import face

__getattr__, __dir__, __all__ = face(
    __name__,
    """
    card: Card calm_line card_of growth_line headline
    chart: LEVELS accuracy_chart
    folder: as_json backtest_folder store
    forecasts: Backtest backtest bytes_of_origin crps origins
    page: scorecard tables
    rivals: naive ref3
    scores: accuracy by_calm by_growth by_size by_target_year emptied
    shocks: common_errors is_flagged is_shock told_shocks
    study: BacktestResult backtest_of
    """,
)
