"""One file, one lens; the file's name is the lens's name in every face."""
