#!/usr/bin/env python3
"""Chats with specs/chat/index.html in a browser that nobody sees.

    Tests/Chat/check.py --api ws://127.0.0.1:8080/dev [--chromium PATH] [--screenshots FOLDER]

Needs `playwright` of PyPI and Chromium (default: the first of the path). Ends with 0 when all checks pass, 1 when one
fails.
"""

import argparse
import pathlib
import shutil
import sys
import urllib.parse

from playwright.sync_api import sync_playwright

PAGE = pathlib.Path(__file__).resolve().parents[2] / "specs/chat/index.html"
failures = []


def check(what, is_right, found=""):
    print(("ok    " if is_right else "FAILS ") + what + ("" if is_right else f": {found!r}"))
    if not is_right:
        failures.append(what)


class Person:
    """A window of somebody who chats."""

    def __init__(self, browser, name, room, api, scheme="light"):
        self.name = name
        self.context = browser.new_context(color_scheme=scheme, viewport={"width": 900, "height": 640})
        self.page = self.context.new_page()
        self.errors = []
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on("console", lambda line: self.errors.append(line.text) if line.type == "error" else None)
        self.page.goto(PAGE.as_uri() + "?" + urllib.parse.urlencode({"api": api}))
        self.page.fill("#name", name)
        self.page.fill("#room", room)
        self.page.click("#enter button")
        # The function that is behind it may have to be installed first.
        self.page.wait_for_selector("#say:not([hidden])", timeout=300_000)
        self.errors.clear()

    def say(self, text):
        self.page.fill("#text", text)
        self.page.press("#text", "Enter")

    def texts(self, kind):
        return self.page.eval_on_selector_all(f"#messages li.{kind} p", """items => items.map(item =>
            [...item.childNodes].filter(node => node.nodeType === 3).map(node => node.textContent).join(''))""")

    def wait(self, text, kind="other"):
        self.page.wait_for_function(
            """([text, kind]) => [...document.querySelectorAll(`#messages li.${kind}`)].some(
                item => item.textContent.includes(text))""", arg=[text, kind], timeout=30_000)


def luminance(page, selector, member):
    """0 for black, 1 for white, about."""
    colour = page.eval_on_selector(selector, f"item => getComputedStyle(item).{member}")
    return sum(float(part) for part in colour[colour.index("(") + 1:-1].split(",")[:3]) / 765


def run(given):
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=given.chromium, args=["--no-sandbox"])
        ada = Person(browser, "Ada", "tea", given.api)
        bob = Person(browser, "Bob", "tea", given.api, scheme="dark")
        eve = Person(browser, "Eve", "elsewhere", given.api)
        ada.wait("Bob has come in", "note")
        check("who has come in is told", True)
        ada.page.wait_for_function("document.getElementById('people').textContent === '2: Ada, Bob'", timeout=30_000)
        check("the members of the room are shown", True)

        texts = ["hello", "<b>no markup</b> & \"quotes\"", "日本語 🎉 ünïcode", "x" * 2000]
        for text in texts:
            ada.say(text)
        bob.wait(texts[-1])
        check("what one says the other reads, in order, as it was typed", bob.texts("other") == texts, bob.texts("other"))
        ada.wait(texts[-1], "own")
        check("one's own messages are one's own", ada.texts("own") == texts, ada.texts("own"))
        bob.say("and back")
        ada.wait("and back")
        check("and the other way", ada.texts("other") == ["and back"], ada.texts("other"))
        check("nobody in another room hears it", not eve.texts("other") and not eve.texts("own"), eve.texts("other"))

        check("it is light where one wants it light", luminance(ada.page, "body", "backgroundColor") > 0.8)
        check("it is dark where one wants it dark", luminance(bob.page, "body", "backgroundColor") < 0.2)
        for person in (ada, bob):
            gap = abs(luminance(person.page, "body", "backgroundColor") - luminance(person.page, "body", "color"))
            check(f"{person.name} can read it", gap > 0.6, gap)
        ada.page.set_viewport_size({"width": 360, "height": 640})
        width = ada.page.evaluate("document.documentElement.scrollWidth")
        check("it fits a telephone", width <= 360, width)
        if given.screenshots:
            ada.page.set_viewport_size({"width": 900, "height": 640})
            for person in (ada, bob):
                person.page.screenshot(path=str(pathlib.Path(given.screenshots, f"chat-{person.name}.png")))

        # A connection that ends comes back by itself, and into its room.
        bob.page.evaluate("socket.close()")
        ada.wait("Bob has gone", "note")
        bob.page.wait_for_function("document.getElementById('state').textContent === 'connected'", timeout=30_000)
        ada.say("welcome back")
        bob.wait("welcome back")
        check("a lost connection comes back", True)
        for person in (ada, bob, eve):
            check(f"no error in {person.name}'s window", not person.errors, person.errors)
        bob.context.close()
        ada.page.wait_for_function("document.getElementById('people').textContent === 'you alone'", timeout=30_000)
        check("who closes the window has gone", True)
        browser.close()


if __name__ == "__main__":
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--api", required=True)
    options.add_argument("--chromium", default=shutil.which("chromium") or shutil.which("chromium-browser")
                         or shutil.which("google-chrome"))
    options.add_argument("--screenshots")
    given = options.parse_args()
    if not given.chromium:
        sys.exit("Chromium is missing; run: apt-get install -y chromium")
    run(given)
    sys.exit(1 if failures else 0)
