"""District folders to start from: an invented example to fill in, or an existing district."""
