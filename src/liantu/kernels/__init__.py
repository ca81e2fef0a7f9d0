"""Arrays in, arrays out: the arithmetic of the lenses, on numpy, scipy and numba alone."""
