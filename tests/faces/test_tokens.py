"""The tokens of pages and pictures are the same."""

import re
from pathlib import Path

from liantu.faces.tokens import STATE_TOKENS, STATES, TOKENS

STYLE = Path("src/liantu/faces/style.css")


def test_every_colour_that_the_style_declares_is_the_token_of_that_name():
    declared = dict(re.findall(r"--([\w-]+):\s*(#\w+)", STYLE.read_text(encoding="utf-8")))
    assert {"ink", "strong", "missing"} <= set(declared)
    assert declared == {name: TOKENS[name] for name in declared}


def test_every_state_has_a_token():
    assert {STATE_TOKENS[state] for state in STATES} <= set(TOKENS)
