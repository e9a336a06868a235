"""Two runs side by side: how the numbers differ, and the inputs behind them."""
