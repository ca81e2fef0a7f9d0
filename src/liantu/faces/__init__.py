"""Ways to ask: Python, command line, web, report. No arithmetic here, no lens by name."""
