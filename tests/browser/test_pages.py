"""Pages in a real browser: nothing is refused by the policy, nothing overflows, keys work."""

import socket
import threading
import time
from pathlib import Path

import pytest
import uvicorn

from liantu.faces import web
from liantu.lens import discover

CHROMIUM = Path("/usr/bin/chromium")
PAGES = ("/", *(f"/lens/{name}" for name in discover()), "/history", "/sources", "/import")
PATIENCE_MS = 180_000  # the first page of a fresh checkout waits for the kernels
SIZES = {"desk": (1440, 900), "phone": (390, 844), "narrow": (320, 640)}

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM.exists(), reason="Debian's Chromium is not installed"),
]


@pytest.fixture(scope="module")
def address(example):
    """The observatory, served from a thread of its own."""
    held = socket.socket()
    held.bind(("127.0.0.1", 0))
    config = uvicorn.Config(web.app(example, patience_seconds=300), log_level="warning")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [held]}, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.05)
    yield f"http://127.0.0.1:{held.getsockname()[1]}"
    server.should_exit = True
    thread.join(timeout=10)


@pytest.fixture(scope="module")
def browser():
    api = pytest.importorskip("playwright.sync_api")
    flags = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
    with api.sync_playwright() as player:
        opened = player.chromium.launch(executable_path=str(CHROMIUM), args=flags)
        yield opened
        opened.close()


@pytest.fixture
def page(browser):
    opened = browser.new_page(viewport={"width": 1440, "height": 900})
    opened.set_default_navigation_timeout(PATIENCE_MS)
    yield opened
    opened.close()


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_no_page_breaks_the_policy_or_scrolls_sideways(browser, address, lang, size):
    width, height = SIZES[size]
    page = browser.new_page(viewport={"width": width, "height": height})
    page.set_default_navigation_timeout(PATIENCE_MS)
    said, asked = [], []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("request", lambda request: asked.append(request.url))
    for path in PAGES:
        asked.clear()
        page.goto(f"{address}{path}?lang={lang}")
        assert not said, path
        assert len([url for url in asked if not url.startswith("data:")]) <= 6, path
        assert all(url.startswith((address, "data:")) for url in asked), path
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path
    page.close()


def test_without_scripts_a_question_is_asked_and_answered(browser, address):
    page = browser.new_page(java_script_enabled=False)
    page.set_default_navigation_timeout(PATIENCE_MS)
    page.goto(f"{address}/lens/reach")
    page.get_by_label("Radius").fill("10")
    page.get_by_role("button", name="Show").click()
    assert "radius=10" in page.url
    assert "within 10 km" in page.locator(".finding").inner_text()
    page.close()


def test_a_slash_goes_to_search_and_a_question_mark_lists_the_keys(page, address):
    page.goto(address)
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") == "search"
    page.locator("h1").click()
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("?")
    assert page.locator("#keys").is_visible()
    page.locator("#keys-off").check()
    page.get_by_role("button", name="Close").click()
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("?")
    assert not page.locator("#keys").is_visible()


def test_the_chain_map_is_one_stop_and_arrows_move_in_it(page, address):
    page.goto(address)
    stops = page.locator('.chain-map a:not([tabindex="-1"])')
    assert stops.count() == 1
    stops.first.focus()
    before = page.evaluate("document.activeElement.querySelector('title').textContent")
    page.keyboard.press("ArrowDown")
    after = page.evaluate("document.activeElement.querySelector('title').textContent")
    assert before != after
    page.keyboard.press("Enter")
    page.wait_for_url("**focus=*")
    assert after.split(":")[0] in page.locator(".map .tools").inner_text()


def test_the_filter_answers_while_it_is_typed_and_stands_in_the_address(page, address):
    page.goto(f"{address}/lens/reach")
    page.locator("form.filter input[name=filter]").type("wheel")
    page.wait_for_url("**filter=wheel*")
    assert "of" in page.locator("#table .count").inner_text()


def test_files_are_tried_and_problems_are_shown_without_a_commit(page, address, tmp_path):
    bad = tmp_path / "places.csv"
    bad.write_text("place_id,name,longitude\nnew,New,far\n", encoding="utf-8")
    page.goto(f"{address}/import")
    page.get_by_label("Files", exact=True).set_input_files(bad)
    page.get_by_role("button", name="Try the files").click()
    assert "Nothing was imported" in page.locator(".finding").inner_text()
    assert "far" in page.locator(".found").inner_text()
    assert page.locator("form.commit").count() == 0


def test_on_paper_the_navigation_is_gone_and_the_question_is_a_sentence(page, address):
    page.goto(f"{address}/lens/reach")
    page.emulate_media(media="print")
    assert not page.locator(".side").is_visible()
    assert not page.locator("form.ask").is_visible()
    assert "Radius" in page.locator(".asked").inner_text()


@pytest.mark.parametrize("width", [1440, 768, 390])
def test_place_and_chain_are_switched_without_scripts(browser, address, width):
    context = browser.new_context(
        java_script_enabled=False, viewport={"width": width, "height": 844}
    )
    page = context.new_page()
    page.set_default_navigation_timeout(PATIENCE_MS)
    page.goto(f"{address}/lens/completeness?lang=en&synthetic=false")
    part = ".where" if width >= 720 else ".menu"
    page.locator(f"{part} > summary").click()
    form = page.locator(f"{part} .switch")
    box = form.bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= width
    form.get_by_label("Place").select_option("qingdao")
    form.get_by_role("button", name="Show").click()
    assert "place=qingdao" in page.url
    assert "synthetic=false" in page.url
    assert "Qingdao" in page.locator(".finding").inner_text()
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_in_forced_colours_labels_of_the_map_keep_their_contrast(browser, address, scheme):
    context = browser.new_context(forced_colors="active", color_scheme=scheme)
    page = context.new_page()
    page.set_default_navigation_timeout(PATIENCE_MS)
    page.goto(f"{address}/?lang=en")
    label = page.locator(".chain-map text").first
    assert label.evaluate("e => getComputedStyle(e).fill") == "rgb(26, 33, 41)"
    mark = page.locator(".legend .mark path").first
    ink = page.evaluate("getComputedStyle(document.body).color")
    assert mark.evaluate("e => getComputedStyle(e).stroke") == ink
    context.close()
