"""Which rows a cell means, and what must hold between rows and between tables."""
