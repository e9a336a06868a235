"""The words of the outputs in English and Chinese, a list per kind of output."""
