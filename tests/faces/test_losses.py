"""Before and after in one bar, and the numbered list of who passed a loss on."""

from liantu.faces.figures.steps import steps_chart
from liantu.faces.tokens import TOKENS
from liantu.result import Bars, Series, Step, Steps, say
from tests.faces.drawings import REFS, TITLE, chart, drawn, rows, texts, words


def before_and_after(*lost, unit="share"):
    return Bars(
        title=TITLE,
        unit=unit,
        labels=tuple(say(f"stage {n}") for n in range(len(lost))),
        series=(
            Series(say("left"), tuple(1 - part for part in lost)),
            Series(say("lost"), lost, is_lost=True),
        ),
    )


def test_what_is_left_is_dark_and_what_is_lost_is_pale_with_its_number():
    spec = chart(before_and_after(0.25, 0.0))
    dark, pale = [row for row in rows(spec, "rect") if row["x2"] in (0.75, 1.0)][:2]
    assert (dark["x"], dark["x2"], dark["fill"]) == (0, 0.75, TOKENS["strong"])
    assert (pale["x"], pale["x2"], pale["fill"]) == (0.75, 1.0, "#FAD9D3")


def test_a_loss_is_written_behind_its_bar_with_a_minus_and_nothing_lost_is_no_minus():
    found = texts(drawn(before_and_after(0.25, 0.0)))
    assert "\N{MINUS SIGN}25%" in found
    assert "0%" in found


def test_steps_are_numbered_each_with_its_reason_and_its_value():
    figure = Steps(
        title=TITLE,
        unit="share",
        steps=(
            Step(REFS[0], say("stops: the shock"), 1.0),
            Step(REFS[1], say("{passer} orders less", passer=REFS[0]), 0.4),
        ),
    )
    found = texts(drawn(figure))
    assert found.index("1") < found.index("2")
    assert {"Zhuzhou", "stops: the shock", "100%", "Zhuzhou orders less", "40%"} <= set(found)
    assert "株洲减少订货" in texts(drawn(figure, "zh"))
    assert steps_chart(figure, words(), 575).to_dict()["height"] == 84


def test_without_a_step_it_says_so_in_words():
    assert texts(drawn(Steps(title=TITLE, steps=()))) == ["no figure found"]
