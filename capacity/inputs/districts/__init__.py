"""A district: its declaration, its tables, and what must hold between them."""
