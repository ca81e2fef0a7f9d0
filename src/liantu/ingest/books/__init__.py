"""Workbooks that go out: templates, exports, and files with their problems marked."""
