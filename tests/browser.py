"""A browser for tests: Chromium without a network, and with no other fonts than plain Latin ones.

Tests of pages ask for the fixture ``opened``; where there is no Chromium they are skipped.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import threading
from collections.abc import Coroutine, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol, TypeVar

import pytest

T = TypeVar("T")
#: What it is called by Debian, others and Google.
NAMES = ("chromium", "chromium-browser", "google-chrome")
#: A machine without Chinese fonts, wherever the tests run: the DejaVu of matplotlib alone.
FONTS = """<?xml version="1.0"?>
<fontconfig><dir>{fonts}</dir><cachedir>{cache}</cachedir></fontconfig>
"""
#: Where a page may read from; anything else is the network.
LOCAL = ("file:", "data:", "blob:", "about:")
#: What axe calls the findings that shut people out.
BAD = ("serious", "critical")
PATIENCE = 60.0
#: Has every letter below a selector stand in one place, a paragraph for each font that is named.
PROBES = """selector => {
  const drawn = new Map();
  for (const one of document.querySelectorAll(`${selector}, ${selector} *`)) {
    const own = [...one.childNodes].filter(node => node.nodeType === 3).map(node => node.data);
    const typed = /text/.test(one.type) ? one.value : "";
    const text = [...own, typed].join("").trim(), family = getComputedStyle(one).fontFamily;
    if (text && !one.closest("script, style")) drawn.set(family, (drawn.get(family) ?? "") + text);
  }
  const probes = document.body.appendChild(document.createElement("div"));
  probes.id = "probes";
  for (const [family, text] of drawn) {
    const probe = probes.appendChild(document.createElement("p"));
    probe.style.fontFamily = family;
    probe.textContent = [...new Set(text)].join("");
  }
}"""


class Browser:
    """One Chromium, driven from a thread of its own, so that the tests' own thread has no loop."""

    def __init__(self, program: str, fonts: Path) -> None:
        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self.loop.run_forever, daemon=True)
        self.thread.start()
        self.driver, self.chromium = self.do(_launch(program, fonts))

    def do(self, coroutine: Coroutine[Any, Any, T]) -> T:
        """Have the browser do it, and wait."""
        return asyncio.run_coroutine_threadsafe(coroutine, self.loop).result(PATIENCE)

    def stop(self) -> None:
        """End it, and its thread."""
        self.do(self.chromium.close())
        self.do(self.driver.stop())
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join(PATIENCE)
        self.loop.close()


async def _launch(program: str, fonts: Path) -> tuple[Any, Any]:
    import matplotlib
    from playwright.async_api import async_playwright

    where = Path(matplotlib.get_data_path()) / "fonts" / "ttf"
    settings = fonts / "fonts.conf"
    settings.write_text(FONTS.format(fonts=where, cache=fonts / "cache"), encoding="utf-8")
    driver = await async_playwright().start()
    environment = {**os.environ, "FONTCONFIG_FILE": str(settings)}
    return driver, await driver.chromium.launch(executable_path=program, env=environment)


@dataclass
class Opened:
    """A page in the browser; ``said``: its messages, errors, dialogs and calls of the network."""

    browser: Browser
    page: Any
    said: list[str] = field(default_factory=list)

    def do(self, coroutine: Coroutine[Any, Any, T]) -> T:
        """Do what this class has no method for: ``page.do(page.page.hover("svg"))``."""
        return self.browser.do(coroutine)

    def evaluate(self, script: str, given: object = None) -> Any:
        """Return what an expression, or a function of ``given``, gives in the page."""
        return self.do(self.page.evaluate(script, given))

    def text(self, selector: str = "body") -> str:
        """Return what a person reads there."""
        return self.do(self.page.inner_text(selector))

    def click(self, selector: str) -> None:
        """Click on it."""
        self.do(self.page.click(selector))

    def press(self, *keys: str) -> None:
        """Press keys, one after the other, wherever the focus is."""
        for key in keys:
            self.do(self.page.keyboard.press(key))

    def go(self, address: str) -> None:
        """Open another address in the same page."""
        self.do(self.page.goto(address))

    def reload(self) -> None:
        """Open the same address anew."""
        self.do(self.page.reload())

    def saved(self, selector: str) -> bytes:
        """Return the file that a click there saves."""
        return self.do(self._saved(selector))

    async def _saved(self, selector: str) -> bytes:
        async with self.page.expect_download() as waiting:
            await self.page.click(selector)
        return Path(await (await waiting.value).path()).read_bytes()

    def picture(self, path: Path, *, whole: bool = True) -> None:
        """Write a PNG of the whole page, or of the part in sight."""
        self.do(self.page.screenshot(path=path, full_page=whole))

    def pdf(self, path: Path) -> None:
        """Write the page as printed on A4."""
        self.do(self.page.pdf(path=path, format="A4", print_background=True))

    def fonts(self, selector: str = "body") -> dict[str, bool]:
        """Return the fonts that its text is drawn with, and of each whether the page brought it."""
        return self.do(self._fonts(selector))

    async def _fonts(self, selector: str) -> dict[str, bool]:
        """Ask of each family that is named there, with all the letters that it draws."""
        await self.page.evaluate(PROBES, selector)
        wire = await self.page.context.new_cdp_session(self.page)
        for domain in ("DOM", "CSS"):
            await wire.send(f"{domain}.enable")
        root = (await wire.send("DOM.getDocument"))["root"]["nodeId"]
        asked = {"nodeId": root, "selector": "#probes p"}
        found: dict[str, bool] = {}
        for node in (await wire.send("DOM.querySelectorAll", asked))["nodeIds"]:
            used = await wire.send("CSS.getPlatformFontsForNode", {"nodeId": node})
            found |= {one["familyName"]: one["isCustomFont"] for one in used["fonts"]}
        await wire.detach()
        await self.page.evaluate("document.getElementById('probes').remove()")
        return found

    def barriers(self, impacts: Sequence[str] = BAD) -> list[str]:
        """Return what axe-core finds, each with the elements concerned."""
        from axe_playwright_python.async_playwright import Axe

        found = self.do(Axe().run(self.page)).response["violations"]
        return [
            f"{one['id']}: {one['help']}: {[node['target'] for node in one['nodes']]}"
            for one in found
            if one["impact"] in impacts
        ]


class Opens(Protocol):
    """What the fixture ``opened`` gives: a file, and how it is looked at, to a page."""

    def __call__(
        self, path: Path, *, width: int = 1280, dark: bool = False, fragment: str = ""
    ) -> Opened: ...


@pytest.fixture(scope="session")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """Give the one browser of these tests."""
    pytest.importorskip("playwright", reason="no playwright: pip install '.[test]'")
    program = next(filter(None, map(shutil.which, NAMES)), None)
    if program is None:
        pytest.skip("no Chromium here: apt-get install chromium")
    one = Browser(program, tmp_path_factory.mktemp("fonts"))
    yield one
    one.stop()


@pytest.fixture
def opened(browser: Browser) -> Iterator[Opens]:
    """Give a function that opens a file of this machine with the network cut."""
    contexts = []

    async def begin(path: Path, width: int, dark: bool, fragment: str) -> Opened:
        context = await browser.chromium.new_context(
            offline=True,
            viewport={"width": width, "height": 900},
            color_scheme="dark" if dark else "light",
            reduced_motion="reduce",
        )
        contexts.append(context)
        one = Opened(browser, await context.new_page())
        _listen(one)
        await one.page.goto(path.absolute().as_uri() + fragment)
        return one

    def open_file(
        path: Path, *, width: int = 1280, dark: bool = False, fragment: str = ""
    ) -> Opened:
        return browser.do(begin(path, width, dark, fragment))

    yield open_file
    for context in contexts:
        browser.do(context.close())


def _listen(one: Opened) -> None:
    async def shut(dialog: Any) -> None:
        one.said.append(f"dialog: {dialog.message}")
        await dialog.dismiss()

    def asked(request: Any) -> None:
        if not request.url.startswith(LOCAL):
            one.said.append(f"network: {request.url}")

    one.page.on("console", lambda message: one.said.append(f"{message.type}: {message.text}"))
    one.page.on("pageerror", lambda error: one.said.append(f"error: {error}"))
    one.page.on("request", asked)
    one.page.on("dialog", shut)
