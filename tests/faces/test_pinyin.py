"""Records are found by the pinyin initials of their Chinese names."""

import pytest

from liantu.faces.pinyin import initials


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("牵引", "qy"),
        ("株洲 A1 号", "zza1h"),
        ("啊座", "az"),  # the first and the last of the common characters
        ("醴陵鑫晟", "llxs"),  # rarer ones, by which places and firms are called
        ("龘（—）", ""),
        ("", ""),
    ],
)
def test_initials_are_those_of_the_characters_whose_reading_is_known(name, letters):
    assert initials(name) == letters
