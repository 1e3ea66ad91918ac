#!/usr/bin/env python3
"""Looks at the dashboard with a browser that nobody sees, and at what it asks for.

    Tests/Dashboard/check.py                      # against the mock server beside it
    Tests/Dashboard/check.py --url http://127.0.0.1:8081/dashboard [--load http://127.0.0.1:8080/prod/pets] [--all-kinds]
    Tests/Dashboard/check.py --screenshots FOLDER

Needs `playwright` of PyPI and Chromium (`--chromium PATH`; default: the first of the path).
All traffic goes through a relay of this program, which can cut it. The expected numbers are those of a second reader of
`/dashboard/events`. `--load URL`, which may be given several times, is asked for a few times a second, so that a gateway
without traffic has some. `--all-kinds` expects errors, cache hits, throttled requests, a canary and an alarm among it.
Ends with 0 when all checks pass, 1 when one fails.
"""

import argparse
import json
import pathlib
import re
import shutil
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.parse
import urllib.request

from playwright.sync_api import sync_playwright

HERE = pathlib.Path(__file__).resolve().parent
COUNTS = ("requests", "clientErrors", "serverErrors", "throttled", "cacheHits", "cacheMisses")


class Relay:
    """A relay of TCP whose connections can be cut, and kept out."""

    def __init__(self, host, port):
        self.target = (host, port)
        self.is_open = True
        self.sockets = set()
        self.lock = threading.Lock()
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            client, _ = self.listener.accept()
            if not self.is_open:
                client.close()
                continue
            try:
                server = socket.create_connection(self.target, timeout=5)
            except OSError:
                client.close()
                continue
            server.settimeout(None)
            with self.lock:
                self.sockets |= {client, server}
            for one, other in ((client, server), (server, client)):
                threading.Thread(target=self.copy, args=(one, other), daemon=True).start()

    def copy(self, source, target):
        try:
            while data := source.recv(65536):
                target.sendall(data)
        except OSError:
            pass
        for one in (source, target):
            try:
                one.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass

    def cut(self):
        self.is_open = False
        with self.lock:
            for one in self.sockets:
                try:
                    one.shutdown(socket.SHUT_RDWR)
                except OSError:
                    pass
            self.sockets.clear()


class Reader(threading.Thread):
    """Reads the events beside the browser."""

    def __init__(self, origin):
        super().__init__(daemon=True)
        self.origin = origin
        self.hello = None
        self.ticks = {}
        self.problems = []
        self.names = set()
        self.alarms = []

    def run(self):
        try:
            with urllib.request.urlopen(self.origin + "/dashboard/events", timeout=15) as answer:
                kind = answer.headers.get("Content-Type", "")
                if not kind.startswith("text/event-stream"):
                    self.problems.append(f"events have the type {kind}")
                name = data = None
                for line in answer:
                    line = line.decode().rstrip("\n")
                    if line.startswith("event: "):
                        name = line[7:]
                    elif line.startswith("data: "):
                        data = (data + "\n" if data else "") + line[6:]
                    elif not line and data is not None:
                        self.take(name, json.loads(data))
                        name = data = None
        except Exception as error:  # What went wrong is told by the checks that miss it.
            self.problems.append(repr(error))

    def take(self, name, value):
        self.names.add(name)
        if name == "hello":
            self.hello = value
            self.alarms = value.get("alarms") or []
            for tick in value.get("history") or []:
                self.ticks[round(tick["time"] / 1000)] = tick
        elif name == "alarms":
            self.alarms = value["alarms"]
        elif name == "tick":
            self.ticks[round(value["time"] / 1000)] = value

    def sums(self, last, length, route=None):
        """Sums of the seconds before and with `last`."""
        sums = dict.fromkeys(COUNTS, 0)
        latency = {}
        for second, tick in list(self.ticks.items()):
            if not last - length < second <= last:
                continue
            for numbers in tick["routes"] if route is not None else tick["stages"]:
                if route is not None and numbers["route"] != route:
                    continue
                for name in COUNTS:
                    sums[name] += numbers.get(name, 0)
                pairs = numbers.get("latency", [])
                for bucket, number in zip(pairs[::2], pairs[1::2]):
                    latency[bucket] = latency.get(bucket, 0) + number
        return sums, latency


def quantile(bounds, latency, share):
    """As the page has it: linear within a bucket."""
    left = share * sum(latency.values())
    if not latency:
        return None
    for bucket in sorted(latency):
        if left <= latency[bucket]:
            low = bounds[bucket - 1] if 0 < bucket <= len(bounds) else (bounds[-1] if bucket else 0)
            high = bounds[bucket] if bucket < len(bounds) else low
            return low + (high - low) * left / latency[bucket]
        left -= latency[bucket]
    return bounds[-1]


def time_text(value):
    if value is None:
        return "–"
    if value < 999.5:
        return f"{value:.0f}µs"
    for limit, digits in ((9.995, 2), (99.95, 1), (999.5, 0)):
        if value / 1000 < limit:
            return f"{value / 1000:.{digits}f}ms"
    return f"{value / 1e6:.{2 if value / 1e6 < 9.995 else 1}f}s"


def count_text(value):
    if value < 10000:
        return f"{value:,}"
    scaled, unit = (value / 1e3, "k") if value < 1e6 else (value / 1e6, "M")
    digits = 2 if scaled < 9.995 else 1 if scaled < 99.95 else 0
    return f"{scaled:.{digits}f} {unit}"


class Checks:
    def __init__(self):
        self.failed = 0

    def that(self, is_so, name, *details):
        print(("ok    " if is_so else "FAIL  ") + name + ("" if is_so else f": {' '.join(map(str, details))}"), flush=True)
        self.failed += not is_so

    def until(self, condition, name, seconds=10):
        """Waits for a condition, which may throw as long as it is not met."""
        deadline = time.monotonic() + seconds
        value = None
        while time.monotonic() < deadline:
            try:
                value = condition()
                if value:
                    break
            except Exception as error:
                value = error
            time.sleep(0.1)
        self.that(bool(value) and not isinstance(value, Exception), name, value)


def check_answers(checks, origin):
    """What the addresses answer, without a browser."""
    with urllib.request.urlopen(origin + "/dashboard") as answer:
        headers = answer.headers
        policy = headers.get("Content-Security-Policy", "")
        text = answer.read().decode()
    checks.that("default-src 'none'" in policy and "connect-src 'self'" in policy, "the policy is strict", policy)
    checks.that("unsafe" not in policy and "*" not in policy, "the policy has no exceptions", policy)
    checks.that("frame-ancestors 'none'" in policy and "base-uri 'none'" in policy, "the page cannot be framed", policy)
    checks.that(headers.get("X-Content-Type-Options") == "nosniff", "types are not guessed")
    checks.that(headers.get("Cache-Control") == "no-store", "the page is not stored")
    checks.that(len(text) < 150_000, "the page is small", len(text))
    try:
        urllib.request.urlopen(origin + "/dashboard/requests/0-99999999")
        checks.that(False, "an unknown request is not found")
    except urllib.error.HTTPError as error:
        checks.that(error.code == 404, "an unknown request is not found", error.code)


def inner(page, selector):
    return page.locator(selector).first.text_content().replace("\u00a0", " ").strip()


def rows(page, column):
    return page.eval_on_selector_all(
        "#routes tbody tr", "(rows, name) => rows.map((row) => row.cells[[...document.querySelectorAll('#routes th')]"
        ".findIndex((head) => head.dataset.column === name)].textContent.trim())", column)


def number(text):
    """What a cell says, in its base unit; -1 for none."""
    match = re.match(r"<?([\d.,]+)\s*(µs|ms|s|k|%)?", text)
    if not match:
        return -1
    return float(match[1].replace(",", "")) * {"ms": 1e3, "s": 1e6, "k": 1e3}.get(match[2] or "", 1)


def check_numbers(checks, page, reader):
    hello = reader.hello
    checks.that(inner(page, "#api-name") == hello["api"]["name"], "the name of the API is shown")
    checks.that(hello["version"] in inner(page, "#version"), "the version is shown")
    names = page.eval_on_selector_all("#stages .card-head button", "(list) => list.map((one) => one.textContent)")
    checks.that(names == [stage["name"] for stage in hello["stages"]], "all stages are shown", names)
    for stage in hello["stages"]:
        card = page.locator(f'.card[data-stage="{stage["name"]}"]').text_content()
        checks.that(stage.get("deployment", "") in card, f"{stage['name']}: the deployment is shown", card)
        if stage.get("canary"):
            checks.that(f"canary {stage['canary']['percent']} %" in card, f"{stage['name']}: the canary is shown", card)
    for alarm in hello.get("alarms", []):
        checks.that(alarm["name"] in page.locator("#stages").text_content(), f"the alarm {alarm['name']} is shown")
    shown = len(hello["routes"])
    checks.that(inner(page, "#route-count") == str(shown), "all routes are counted", inner(page, "#route-count"))

    # Both readers get the same ticks; the page is held, so that its numbers do not move while they are read.
    page.keyboard.press("p")
    checks.until(lambda: page.get_attribute("#link", "data-state") == "paused", "it says that it is paused")
    time.sleep(1.5)
    texts = {name: inner(page, f'[data-kpi="{name}"]') for name in ("p50", "p95", "p99", "cache", "throttled")}
    shown = inner(page, '[data-sub="rate"]')
    exact = page.get_attribute('[data-sub="rate"]', "title")
    errors = inner(page, '[data-sub="clientErrors"]')
    match = None
    for last in sorted(reader.ticks, reverse=True)[:12]:
        sums, latency = reader.sums(last, 300)
        if exact.startswith(f"{sums['requests']:,} requests until") and all(
                texts[name] == time_text(quantile(hello["latencyBuckets"], latency, share))
                for name, share in (("p50", 0.5), ("p95", 0.95), ("p99", 0.99))):
            match = (last, sums)
            break
    checks.that(match is not None, "requests and latencies are those of the events", exact, texts)
    if match:
        last, sums = match
        if sums["requests"]:
            expected = f"{count_text(sums['clientErrors'])} of {count_text(sums['requests'])}"
            checks.that(errors == expected, "client errors are those of the events", errors, expected)
        checks.that(texts["throttled"] == (count_text(sums["throttled"]) if sums["requests"] else "–"),
                    "throttles are those of the events", texts)
        for route in hello["routes"][:8]:
            stage = hello["stages"][route["stage"]]["name"]
            _, latency = reader.sums(last, 300, route["id"])
            key = json.dumps(f"{stage} {route['method']} {route['path']}")
            row = page.locator(f"#routes tbody tr[data-route={key}]")
            if row.count():
                expected = time_text(quantile(hello["latencyBuckets"], latency, 0.95))
                checks.that(expected in row.text_content(), f"p95 of {route['method']} {route['path']} in {stage}",
                            expected, row.text_content())
    frozen = inner(page, '[data-sub="rate"]')
    time.sleep(2.2)
    checks.that(inner(page, '[data-sub="rate"]') == frozen, "nothing moves while it is paused")
    page.keyboard.press("p")
    checks.until(lambda: page.get_attribute("#link", "data-state") == "live", "it goes on")


def check_routes(checks, page, reader):
    hello = reader.hello
    for column in ("p95", "rate"):
        head = f'#routes th[data-column="{column}"]'
        if page.get_attribute(head, "aria-sort") is None:
            page.click(head + " button")
        for order in ("descending", "ascending"):
            if page.get_attribute(head, "aria-sort") != order:
                page.click(head + " button")
            values = [number(text) for text in rows(page, column)]
            # A cell is rounded, the order is not.
            good = all((a <= b * 1.06 + 1) if order == "ascending" else (b <= a * 1.06 + 1)
                       for a, b in zip(values, values[1:]))
            checks.that(good, f"routes are sorted by {column}, {order}", values)
    page.click('#routes th[data-column="route"] button')
    paths = [text for text in rows(page, "route")]
    checks.that(len(paths) < 2 or page.get_attribute('#routes th[data-column="route"]', "aria-sort") == "ascending",
                "names are sorted upwards first")
    page.click('#routes th[data-column="rate"] button')
    if not hello["routes"]:
        checks.that(page.locator("#routes-empty").is_visible(), "an API without routes says so")
        return
    wanted = hello["routes"][min(1, len(hello["routes"]) - 1)]
    page.keyboard.press("/")
    checks.that(page.evaluate("() => document.activeElement.id") == "route-filter", "/ goes to the filter")
    page.keyboard.type(wanted["path"])
    expected = sum(wanted["path"].lower() in " ".join(str(route.get(name, "")) for name in (
        "method", "path", "integration", "authorization", "operation")).lower() for route in hello["routes"])
    checks.until(lambda: page.locator("#routes tbody tr").count() == min(expected, 60), "the filter leaves what matches")
    page.fill("#route-filter", "no such route anywhere")
    checks.until(lambda: page.locator("#routes-empty").is_visible(), "a filter that fits nothing says so")
    page.fill("#route-filter", "")
    # By keys only: the first row, the next one, open.
    page.locator('#routes tbody .rowlink[tabindex="0"]').focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    checks.until(lambda: page.locator("#route-panel").is_visible(), "a route is chosen by keys")
    checks.that("route=" in page.url, "the choice is in the address", page.url)
    panel = page.locator("#route-facts").text_content()
    checks.that("Integration" in panel and "Cache" in panel and "Throttle" in panel, "settings of the route are shown", panel)
    page.keyboard.press("Escape")
    checks.until(lambda: not page.locator("#route-panel").is_visible(), "Escape shows all routes again")


def check_requests(checks, page, is_mock):
    checks.until(lambda: page.locator("#requests tbody tr").count() > 0, "requests are listed")
    row = page.locator("#requests tbody tr").first

    def is_held():
        # An alarm that comes meanwhile moves the list away from under the pointer, once.
        row.hover()
        page.wait_for_timeout(300)
        before = row.get_attribute("data-request")
        page.wait_for_timeout(2500)
        return page.locator("#held").is_visible() and row.get_attribute("data-request") == before

    if page.locator("#requests tbody tr").count() > 20 and is_mock:
        checks.until(is_held, "rows stay where they are while somebody points at them", 9)
    row.hover()
    page.wait_for_timeout(300)
    identifier = row.get_attribute("data-request")
    page.locator(f'#requests tbody tr[data-request="{identifier}"]').click()
    checks.until(lambda: page.locator("#waterfall .track").count() > 0, "a request opens with its phases")
    checks.that(page.evaluate("() => document.activeElement.id") == "detail-title", "the focus goes to it")
    values = page.locator("#waterfall .value").all_text_contents()
    checks.that(all(re.fullmatch(r"[\d.]+\u00a0(µs|ms|s)", value) for value in values), "phases have units", values)
    origin = "/".join(page.url.split("/")[:3])
    detail = json.load(urllib.request.urlopen(f"{origin}/dashboard/requests/{identifier}"))
    checks.that(page.locator("#waterfall .track").count() == len(detail["phases"]), "all phases are there")
    checks.that([value.replace("\u00a0", "") for value in values]
                == [time_text(phase["duration"]) for phase in sorted(detail["phases"], key=lambda phase: phase["start"])],
                "their times are those of the gateway", values, detail["phases"])
    checks.that(detail["requestId"] in page.locator("#detail-body").text_content(), "the request id is shown")
    if detail.get("log"):
        shown = page.locator("#log").text_content()
        line = detail["log"].strip().split("\n")[-1].replace(f"({detail['requestId']}) ", "")
        checks.that(line in shown, "the execution log is shown", line, shown)
    else:
        checks.that("Execution log" in page.locator("#detail-body").text_content(), "a missing log is told")
    page.keyboard.press("Escape")
    checks.until(lambda: not page.locator("#detail").is_visible(), "Escape closes it")
    checks.that(page.evaluate("() => document.activeElement.closest('#requests') !== null"), "the focus goes back")
    page.mouse.move(5, 5)
    page.evaluate("() => document.activeElement.blur()")
    page.click('#classes [data-class="2"]')
    checks.until(lambda: page.eval_on_selector_all(
        "#requests tbody tr", "(rows) => rows.every((row) => row.dataset.status[0] === '2')"), "the status filter filters")
    page.click('#classes [data-class="all"]')
    page.fill("#request-filter", "no such request anywhere")
    checks.until(lambda: page.locator("#requests-empty").is_visible(), "no request that fits: it says so")
    page.fill("#request-filter", "")


def check_themes(checks, page):
    def back():
        return page.evaluate("() => getComputedStyle(document.body).backgroundColor")

    page.emulate_media(color_scheme="light")
    light = back()
    page.emulate_media(color_scheme="dark")
    dark = back()
    checks.that(light != dark, "it is light and dark as the system is", light, dark)
    page.keyboard.press("t")
    checks.that(back() == light and page.evaluate("() => document.documentElement.dataset.theme") == "light",
                "the switch makes it light", back())
    page.keyboard.press("t")
    page.emulate_media(color_scheme="light")
    checks.that(back() == dark, "the switch makes it dark", back())
    page.reload()
    page.wait_for_selector("#stages .card, #stages .empty")
    checks.that(back() == dark, "the choice survives a reload")
    page.keyboard.press("t")
    checks.that(back() == light, "and goes back to the system's", back())
    # Texts against what they stand on. Source: WCAG 2.2, 1.4.3.
    script = """() => {
      const pen = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
      const rgb = (text) => { pen.clearRect(0, 0, 1, 1); pen.fillStyle = text; pen.fillRect(0, 0, 1, 1); return pen.getImageData(0, 0, 1, 1).data; };
      const light = (c) => { const [r, g, b] = [...c].map((v) => { v /= 255; return v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4; }); return 0.2126 * r + 0.7152 * g + 0.0722 * b; };
      const bad = [];
      for (const element of document.querySelectorAll('main *, header *')) {
        if (!element.offsetParent || ![...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim())) continue;
        let behind = element, color;
        do { color = rgb(getComputedStyle(behind).backgroundColor); behind = behind.parentElement; } while (color[3] < 255 && behind);
        const [a, b] = [light(rgb(getComputedStyle(element).color)), light(color)];
        const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
        if (ratio < 4.5 && !element.disabled) bad.push(`${element.className || element.tagName} ${element.textContent.slice(0, 20)} ${ratio.toFixed(2)}`);
      }
      return [...new Set(bad)].slice(0, 8);
    }"""
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        page.wait_for_timeout(200)
        checks.that(page.evaluate(script) == [], f"texts can be read, {scheme}", page.evaluate(script))
    page.emulate_media(color_scheme="light")


def check_names(checks, page):
    """Everything that can be pressed has a name."""
    nameless = page.evaluate("""() => [...document.querySelectorAll('button, input, select, [tabindex]')].filter((e) => !e.hidden &&
        !(e.textContent.trim() || e.getAttribute('aria-label') || e.getAttribute('aria-labelledby') || e.labels?.length)).map((e) => e.outerHTML)""")
    checks.that(nameless == [], "all controls have names", nameless)
    page.locator("#chart-latency .plot").focus()
    for _ in range(4):
        page.keyboard.press("ArrowLeft")
    said = inner(page, "#announcer")
    checks.that(said.startswith("at ") and "p95" in said, "values of a chart are told by keys", said)
    page.keyboard.press("?")
    checks.that(page.locator("#help").is_visible(), "? shows the keys")
    page.keyboard.press("Escape")


def check_phone(checks, browser, address):
    page = browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True).new_page()
    page.goto(address)
    page.wait_for_selector("#stages .card, #stages .empty")
    page.wait_for_timeout(1500)
    wide = page.evaluate("() => document.documentElement.scrollWidth")
    checks.that(wide <= 390, "a phone needs no sideways scrolling", wide)
    for table in ("routes", "requests"):
        sizes = page.evaluate("(id) => { const box = document.getElementById(id).parentElement; return [box.scrollWidth, box.clientWidth]; }", table)
        checks.that(sizes[0] <= sizes[1] + 1, f"the {table} fit on a phone", sizes)
    if page.locator("#requests tbody tr").count():
        page.locator("#requests tbody tr").first.tap()
        checks.until(lambda: page.locator("#waterfall .track").count() > 0, "a request opens on a phone")
        checks.that(page.locator("#detail").bounding_box()["width"] == 390, "and fills it")
    page.context.close()


def check_reconnect(checks, page, relay):
    checks.until(lambda: page.get_attribute("#link", "data-state") == "live", "it is connected")
    relay.cut()
    checks.until(lambda: "Reconnecting" in inner(page, "#link-text"), "a lost connection is told", 15)
    checks.that(page.locator("#banner").is_visible() and "does not answer" in inner(page, "#banner-text"), "with a banner")
    row = page.locator("#requests tbody tr").first
    if row.count():
        row.click()
        checks.until(lambda: page.locator('#detail-body [role="alert"]').count() == 1, "a request that cannot be read says so")
        page.keyboard.press("Escape")
    time.sleep(2.5)
    checks.until(lambda: re.search(r"in \d+ s", inner(page, "#link-text")), "the wait is counted down")
    relay.is_open = True
    page.click("#retry")
    checks.until(lambda: page.get_attribute("#link", "data-state") == "live", "it comes back")
    checks.until(lambda: not page.locator("#banner").is_visible(), "and the banner goes")


def make_load(addresses):
    while True:
        for address in addresses:
            try:
                urllib.request.urlopen(address, timeout=5).read()
            except Exception:
                pass
            time.sleep(0.2 / len(addresses))


def check_all_kinds(checks, page, reader):
    """Traffic of all kinds is counted, and an alarm is told."""
    def missing():
        sums, _ = reader.sums(max(reader.ticks, default=0), 300)
        return [name for name in COUNTS if not sums[name]]

    checks.until(lambda: not missing(), "requests of all kinds are counted", 60)
    checks.that(any(stage.get("canary") for stage in reader.hello["stages"]), "a stage has a canary")
    checks.until(lambda: page.locator("#alarm-strip").is_visible(), "an alarm is told", 60)
    names = [alarm["name"] for alarm in reader.alarms if alarm["state"] == "ALARM"]
    checks.that(names and all(name in inner(page, "#alarm-strip") for name in names), "by its name", names,
                inner(page, "#alarm-strip"))
    for name in ("cache", "throttled", "clientErrors", "serverErrors"):
        text = inner(page, f'[data-kpi="{name}"]')
        checks.that(re.search("[1-9]", text), f"{name} is shown", text)


def screenshots(page, folder):
    folder = pathlib.Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        page.wait_for_timeout(1200)
        page.screenshot(path=folder / f"{scheme}.png", full_page=True)


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--url", help="page of a running gateway; without it, the mock server")
    options.add_argument("--load", action="append", help="an address to ask for all the time")
    options.add_argument("--all-kinds", action="store_true", help="expect traffic of all kinds")
    options.add_argument("--chromium", default=shutil.which("chromium") or shutil.which("chromium-browser")
                         or shutil.which("google-chrome"))
    options.add_argument("--screenshots")
    options.add_argument("--mock", nargs="*", default=[], help="arguments of the mock server, without dashes")
    given = options.parse_args()
    if not given.chromium:
        sys.exit("no Chromium is in the path")
    mock = None
    address = given.url
    if address is None:
        mock = subprocess.Popen(
            [sys.executable, str(HERE / "mock.py"), "--port", "0", "--quiet"] + [f"--{word}" for word in given.mock],
            stdout=subprocess.PIPE, text=True)
        address = mock.stdout.readline().strip()
    target = urllib.parse.urlsplit(address)
    relay = Relay(target.hostname, target.port or 80)
    origin = f"http://127.0.0.1:{relay.port}"
    if given.load:
        threading.Thread(target=make_load, args=(given.load,), daemon=True).start()
    checks = Checks()
    try:
        check_answers(checks, origin)
        reader = Reader(f"http://{target.netloc}")
        reader.start()
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=given.chromium, args=["--no-sandbox"])
            page = browser.new_context(viewport={"width": 1440, "height": 1000}, color_scheme="light").new_page()
            asked, said = [], []
            page.on("request", lambda request: asked.append(request.url))
            page.on("console", lambda message: said.append(f"{message.type}: {message.text}"))
            page.on("pageerror", lambda error: said.append(f"error: {error}"))
            page.add_init_script("window.violations = []; addEventListener('securitypolicyviolation', (event) =>"
                                 " violations.push(event.violatedDirective + ' ' + event.blockedURI))")
            page.goto(origin + "/dashboard")
            page.wait_for_selector("#stages .card, #stages .empty")
            checks.until(lambda: page.get_attribute("#link", "data-state") == "live", "it is live")
            checks.until(lambda: reader.hello and "tick" in reader.names, "events come", 15)
            time.sleep(3)
            if given.all_kinds:
                check_all_kinds(checks, page, reader)
            check_numbers(checks, page, reader)
            check_routes(checks, page, reader)
            has_requests = bool(reader.hello["routes"]) and (mock is not None or given.load)
            if has_requests:
                check_requests(checks, page, mock is not None)
            check_names(checks, page)
            check_themes(checks, page)
            checks.that(not said, "the console is silent", said)
            checks.that(page.evaluate("() => violations") == [], "the policy is kept", page.evaluate("() => violations"))
            # What is refused must show, or the check before proves nothing.
            page.evaluate("() => { const i = new Image(); i.src = 'http://192.0.2.1/x.png'; }")
            checks.until(lambda: page.evaluate("() => violations.length") == 1, "a foreign address is refused")
            said.clear()
            outside = [url for url in asked if not url.startswith((origin + "/", "data:", "http://192.0.2.1/"))]
            checks.that(outside == [], "nothing is asked for elsewhere", outside)
            paths = {urllib.parse.urlsplit(url).path for url in asked if url.startswith(origin)}
            strange = [path for path in paths if not re.fullmatch(r"/dashboard(/events|/requests/[^/]+)?", path)]
            checks.that(strange == [], "nothing but the contract is asked for", strange)
            if has_requests:
                check_phone(checks, browser, origin + "/dashboard")
            check_reconnect(checks, page, relay)
            if given.screenshots:
                screenshots(page, given.screenshots)
            browser.close()
        checks.that(not reader.problems, "events are as they should be", reader.problems)
    finally:
        if mock is not None:
            mock.terminate()
            mock.wait()
    print(f"{checks.failed} checks failed" if checks.failed else "all checks passed")
    return 1 if checks.failed else 0


if __name__ == "__main__":
    sys.exit(main())
