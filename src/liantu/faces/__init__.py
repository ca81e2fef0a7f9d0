"""Ways to ask: Python, command line, REST and web page, report. No arithmetic, no lens by name."""
