"""Open observatory of industrial chains."""
