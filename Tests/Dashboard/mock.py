#!/usr/bin/env python3
"""Plays the gateway's side of the dashboard (docs/dashboard.md) with data that moves.

    Tests/Dashboard/mock.py [--port 8099] [--routes N] [--quiet]

Serves the page from its source files, put together and protected in the way that the gateway does it.
`--routes N` adds N routes; `--empty` has an API without routes and without requests.
"""

import argparse
import base64
import collections
import hashlib
import json
import math
import pathlib
import random
import re
import threading
import time
import uuid
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

EMBEDDING = pathlib.Path(__file__).resolve().parents[2] / "Sources/CDashboard/Page.c"
PHASES = ["receive", "match", "authorize", "throttle", "validate", "cache", "mapRequest", "integrate", "mapResponse",
          "respond"]


def latency_bounds():
    """Upper bounds in microseconds: each one up to 16, then eight for each doubling, up to 67 s."""
    bounds = list(range(1, 17))
    for power in range(4, 26):
        bounds += [(1 << power) + ((step + 1) << (power - 3)) for step in range(8)]
    return bounds


BOUNDS = latency_bounds()


def bucket(microseconds):
    low, high = 0, len(BOUNDS)
    while low < high:
        middle = (low + high) // 2
        if microseconds < BOUNDS[middle]:
            high = middle
        else:
            low = middle + 1
    return low


def page():
    """The document and its policy."""
    html, css, *scripts = ((EMBEDDING.parent / name).read_text()
                           for name in re.findall(r'^#embed "([^"]+)"', EMBEDDING.read_text(), re.MULTILINE))
    js = "".join(scripts)

    def source(text):
        return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()

    policy = "; ".join([
        "default-src 'none'", f"script-src '{source(js)}'", f"style-src '{source(css)}'", "connect-src 'self'",
        "img-src data:", "base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'",
        "require-trusted-types-for 'script'",
    ])
    return html.replace("/*STYLE*/", css, 1).replace("/*SCRIPT*/", js, 1).encode(), policy


# method, path, integration, authorization, API key, cache seconds, throttle, operation, requests a second, backend's
# median in ms (0: no backend), its spread, share of 4xx, share of 5xx, share of cache hits
ROUTES = [
    ("GET", "/products", "HTTP_PROXY GET http://catalog.internal:9000/products", "NONE", False, 300, None,
     "listProducts", 46, 21, 0.5, 0.004, 0.0004, 0.86),
    ("GET", "/products/{productId}", "HTTP_PROXY GET http://catalog.internal:9000/products/{productId}", "NONE", False,
     60, None, "getProduct", 61, 14, 0.45, 0.021, 0.0006, 0.63),
    ("GET", "/search", "HTTP GET http://search.internal:9200/products/_search", "NONE", False, None, (40, 80),
     "searchProducts", 27, 74, 0.6, 0.012, 0.002, None),
    ("POST", "/orders", "AWS_PROXY POST arn:aws:lambda:eu-central-1:000000000000:function:place-order",
     "CUSTOM shop-authorizer", True, None, (20, 40), "placeOrder", 7, 132, 0.42, 0.041, 0.011, None),
    ("GET", "/orders/{orderId}", "AWS_PROXY POST arn:aws:lambda:eu-central-1:000000000000:function:get-order",
     "CUSTOM shop-authorizer", False, None, None, "getOrder", 13, 38, 0.4, 0.03, 0.001, None),
    ("DELETE", "/orders/{orderId}", "AWS_PROXY POST arn:aws:lambda:eu-central-1:000000000000:function:cancel-order",
     "CUSTOM shop-authorizer", True, None, None, "cancelOrder", 0.7, 61, 0.4, 0.07, 0.004, None),
    ("PUT", "/cart/{cartId}/items", "HTTP PUT http://cart.internal:9001/carts/{cartId}/items", "COGNITO_USER_POOLS web",
     False, None, None, "putCartItems", 17, 9, 0.5, 0.017, 0.0005, None),
    ("GET", "/cart/{cartId}", "HTTP_PROXY GET http://cart.internal:9001/carts/{cartId}", "COGNITO_USER_POOLS web", False,
     None, None, "getCart", 23, 6, 0.5, 0.009, 0.0002, None),
    ("POST", "/payments/webhook", "AWS POST sqs:SendMessage -> http://127.0.0.1:4566", "AWS_IAM", False, None, None,
     "takePayment", 2.4, 12, 0.3, 0.002, 0.001, None),
    ("GET", "/health", "MOCK", "NONE", False, None, None, "health", 2, 0, 0, 0, 0, None),
    ("ANY", "/legacy/{proxy+}", "HTTP_PROXY ANY http://legacy.internal:8000/{proxy}", "NONE", False, None, None, None,
     4.2, 240, 0.8, 0.06, 0.031, None),
    ("OPTIONS", "/products", "MOCK", "NONE", False, None, None, None, 1.2, 0, 0, 0, 0, None),
    ("POST", "/reviews", "HTTP POST http://reviews.internal:9004/reviews", "COGNITO_USER_POOLS web", False, None,
     (5, 10), "postReview", 1.1, 44, 0.4, 0.11, 0, None),
    ("GET", "/admin/reports/{reportId}", "HTTP_PROXY GET http://reports.internal:9005/{reportId}", "AWS_IAM", True, None,
     None, "getReport", 0, 300, 0.3, 0, 0, None),
]
STAGES = [("prod", 1.0), ("staging", 0.06)]


class Gateway:
    """The state of the gateway that is played."""

    def __init__(self, extra_routes=0, is_empty=False, seed=7):
        self.random = random.Random(seed)
        self.lock = threading.Condition()
        self.is_empty = is_empty
        self.started = int(time.time() * 1000) - 266_400_000
        self.generation = 12
        self.deployments = ["k3v9qa", "k3v9qa"]
        self.routes = []
        models = [] if is_empty else list(ROUTES) + [
            ("GET", f"/generated/{number:04}/{{id}}", f"HTTP_PROXY GET http://b{number % 7}.internal/{{id}}", "NONE",
             False, None, None, f"generated{number}", 0.05 if number % 3 else 0, 12, 0.4, 0.01, 0.001, None)
            for number in range(extra_routes)
        ]
        for stage, (_, share) in enumerate(STAGES):
            for model in models:
                self.routes.append((stage, share, model))
        self.alarms = [
            {"name": "prod-5xx-rate", "stage": 0, "state": "OK", "since": self.started,
             "reason": "0.2 % is below the threshold of 1 %"},
            {"name": "prod-latency-p99", "stage": 0, "state": "ALARM", "since": int(time.time() * 1000) - 74_000,
             "reason": "p99 of 1.31 s was above 1 s in 3 of 3 periods"},
            {"name": "staging-availability", "stage": 1, "state": "INSUFFICIENT_DATA", "since": self.started},
        ]
        self.history = collections.deque(maxlen=900)
        self.requests = collections.OrderedDict()
        self.events = collections.deque(maxlen=64)
        self.number = 0
        self.serial = 0
        self.clients = 0
        now = int(time.time())
        for second in range(now - 900, now):
            self.history.append(self.tick(second, keeps=second > now - 6)[0])

    # Data

    def hello(self):
        routes = []
        for index, (stage, _, model) in enumerate(self.routes):
            method, path, integration, authorization, key, cache, throttle, operation = model[:8]
            route = {"id": index, "stage": stage, "method": method, "path": path, "integration": integration,
                     "authorization": authorization, "apiKey": key, "line": 40 + 11 * (index % 60)}
            if cache:
                route["cacheSeconds"] = cache
            if throttle:
                route["throttle"] = {"rate": throttle[0], "burst": throttle[1]}
            if operation:
                route["operation"] = operation
            if integration != "MOCK":
                route["timeoutMilliseconds"] = 29000
            routes.append(route)
        stages = [
            {"name": "prod", "deployment": self.deployments[0], "cache": True, "logging": "INFO",
             "canary": {"percent": 10, "deployment": "m81x0d"}, "throttle": {"rate": 500, "burst": 1000}},
            {"name": "staging", "deployment": self.deployments[1], "cache": False, "logging": "ERROR"},
        ]
        return {
            "version": "0.9.0", "generation": self.generation, "started": self.started, "time": int(time.time() * 1000),
            "api": {"name": "Shop", "id": "a1b2c3d4e5", "region": "eu-central-1"}, "latencyBuckets": BOUNDS,
            "phases": PHASES, "stages": [] if self.is_empty else stages, "routes": routes,
            "alarms": [] if self.is_empty else self.alarms,
            "settings": [{"name": "Port", "value": "8080"}, {"name": "TLS port", "value": "8443"},
                         {"name": "Admin port", "value": "8081"}, {"name": "Workers", "value": "4"},
                         {"name": "Spec", "value": "shop.yaml"}, {"name": "Idle time-out", "value": "60 s"}],
            "history": list(self.history),
        }

    def poisson(self, mean):
        if mean > 30:
            return max(0, round(self.random.gauss(mean, math.sqrt(mean))))
        limit, product, number = math.exp(-mean), self.random.random(), 0
        while product > limit:
            product *= self.random.random()
            number += 1
        return number

    def tick(self, second, keeps=True):
        """Numbers of a second, and its requests if they are wanted."""
        wave = 1 + 0.28 * math.sin(second / 190) + 0.1 * math.sin(second / 23)
        is_slow = (second // 97) % 5 == 3
        stage_numbers = {}
        routes, requests = [], []
        for index, (stage, share, model) in enumerate(self.routes):
            total = self.poisson(model[8] * share * wave)
            if total == 0:
                continue
            numbers = collections.Counter()
            latency, backend_latency = collections.Counter(), collections.Counter()
            for _ in range(total):
                request = self.request(second, index, is_slow)
                numbers["requests"] += 1
                status = request["status"]
                numbers["clientErrors"] += 400 <= status < 500
                numbers["serverErrors"] += status >= 500
                numbers["throttled"] += status == 429
                numbers["cacheHits"] += request.get("cache") == "HIT"
                numbers["cacheMisses"] += request.get("cache") == "MISS"
                latency[bucket(request["duration"])] += 1
                if request["backend"]:
                    backend_latency[bucket(request["backend"])] += 1
                if keeps:
                    requests.append(request)
            entry = stage_numbers.setdefault(
                stage, (collections.Counter(), collections.Counter(), collections.Counter()))
            for mine, sum_ in zip((numbers, latency, backend_latency), entry):
                sum_.update(mine)
            routes.append({"route": index} | self.numbers(numbers, latency, backend_latency))
        stages = [{"stage": stage} | self.numbers(*entry) for stage, entry in sorted(stage_numbers.items())]
        tick = {"time": second * 1000, "seconds": 1, "stages": stages, "routes": routes,
                "connections": 180 + round(40 * wave), "underWay": 3 + round(9 * wave * (3 if is_slow else 1)),
                "memoryBytes": 61_000_000 + 900_000 * (second % 17)}
        requests.sort(key=lambda request: request["time"])
        return tick, requests

    @staticmethod
    def numbers(numbers, latency, backend_latency):
        result = {name: number for name, number in numbers.items() if number}
        for name, histogram in (("latency", latency), ("integrationLatency", backend_latency)):
            if histogram:
                result[name] = [value for pair in sorted(histogram.items()) for value in pair]
        return result

    def request(self, second, index, is_slow):
        stage, _, (method, path, integration, authorization, key, cache, throttle, _, _, median, spread, bad, worse,
                   hits) = self.routes[index]
        pick = self.random
        if is_slow and path in ("/search", "/orders"):
            median, worse = median * 4.5, worse * 6
        times = {"receive": pick.randint(2, 9), "match": pick.randint(1, 2)}
        if authorization != "NONE" or key:
            times["authorize"] = pick.randint(3, 30) if pick.random() < 0.93 else pick.randint(4000, 15000)
        status, fault, outcome, backend = 200, None, None, 0
        draw = pick.random()
        is_over = throttle and is_slow and pick.random() < 0.16
        if draw < bad * 0.5 and authorization != "NONE":
            status, fault = (401, "UNAUTHORIZED") if pick.random() < 0.6 else (403, "ACCESS_DENIED")
        elif is_over:
            times["throttle"] = 1
            status, fault = 429, "THROTTLED"
        else:
            if throttle:
                times["throttle"] = 1
            if method in ("POST", "PUT"):
                times["validate"] = pick.randint(6, 40)
            if draw < bad and method in ("POST", "PUT"):
                status, fault = 400, "BAD_REQUEST_BODY"
            else:
                if hits is not None:
                    times["cache"] = pick.randint(1, 4)
                    outcome = "HIT" if pick.random() < hits else "MISS"
                if outcome != "HIT":
                    times["mapRequest"] = pick.randint(1, 25)
                    if median:
                        backend = round(median * 1000 * math.exp(pick.gauss(0, spread)))
                        if pick.random() < worse:
                            status = 500 if pick.random() < 0.6 else 504
                            if status == 504:
                                fault, backend = "INTEGRATION_TIMEOUT", 29_000_000 if pick.random() < 0.1 else backend * 9
                        elif draw < bad:
                            status = 404
                    times["integrate"] = max(backend, 1)
                    times["mapResponse"] = pick.randint(2, 60)
        times["respond"] = pick.randint(4, 20)
        if status == 200 and method == "POST":
            status = 201
        if status == 200 and method == "OPTIONS":
            status = 204
        phases, at = [], 0
        for name in PHASES:
            if name in times:
                phases.append({"phase": name, "start": at, "duration": times[name]})
                at += times[name]
        self.number += 1
        shown = path
        for part in ("{productId}", "{orderId}", "{cartId}", "{reportId}", "{id}", "{proxy+}"):
            if part in shown:
                shown = shown.replace(part, "v1/export.asp" if part == "{proxy+}" else str(pick.randint(1000, 9999)))
        if path == "/search":
            shown = "/search"
        identifier = str(uuid.UUID(int=pick.getrandbits(128), version=4))
        return {"id": f"{index % 4}-{self.number}", "requestId": identifier, "stage": stage, "route": index,
                "time": second * 1000 + pick.randint(0, 999), "method": "GET" if method == "ANY" else method,
                "path": shown, "status": status, "duration": at, "fault": fault, "cache": outcome, "backend": backend,
                "phases": phases, "requestBytes": pick.randint(180, 900) if method != "POST" else pick.randint(600, 4000),
                "responseBytes": pick.randint(140, 9000)}

    @staticmethod
    def summary(request):
        names = ("id", "requestId", "time", "stage", "route", "method", "path", "status", "duration", "fault", "cache",
                 "requestBytes", "responseBytes")
        return {name: request[name] for name in names if request[name] is not None}

    def detail(self, identifier):
        request = self.requests.get(identifier)
        if request is None:
            return None
        lines = []
        if request["stage"] == 0:
            _, _, model = self.routes[request["route"]]
            lines = [
                f"Extended Request Id: {request['requestId'][:15]}=",
                f"Starting execution for request: {request['requestId']}",
                f"HTTP Method: {request['method']}, Resource Path: {model[1]}",
                'Method request headers: {Accept=*/*, User-Agent=shop/3.1 <b>"not markup"</b>, Host=shop.example}',
            ]
            if request["backend"]:
                lines += [f"Endpoint request URI: {model[2].split()[-1]}",
                          f"Received response. Status: {request['status']}, Integration latency: "
                          f"{request['backend'] // 1000} ms"]
            if request["fault"]:
                lines += [f"Execution failed due to configuration error: {request['fault']}"]
            else:
                lines += ["Successfully completed execution"]
            lines += [f"Method completed with status: {request['status']}"]
        log = "".join(f"({request['requestId']}) {line}\n" for line in lines)
        return self.summary(request) | {"phases": request["phases"], "log": log or None, "logTruncated": False,
                                        "pathTruncated": False}

    # Events

    def publish(self, name, value):
        self.serial += 1
        self.events.append((self.serial, f"event: {name}\ndata: {json.dumps(value)}\n\n".encode()))
        self.lock.notify_all()

    def run(self):
        turn = 0
        while True:
            time.sleep(1 - time.time() % 1 + 0.002)
            turn += 1
            with self.lock:
                requests = []
                # A machine that is busy makes this late; no second is left out for it.
                for second in range(self.history[-1]["time"] // 1000 + 1, int(time.time())):
                    tick, more = self.tick(second)
                    self.history.append(tick)
                    self.publish("tick", tick)
                    requests += more
                for request in requests:
                    self.requests[request["id"]] = request
                while len(self.requests) > 2000:
                    self.requests.popitem(last=False)
                skipped = max(0, len(requests) - 120)
                if requests:
                    self.publish("requests", {"skipped": skipped, "requests": [
                        self.summary(request) for request in requests[-120:]]})
                if turn % 45 == 20 and not self.is_empty:
                    alarm = self.alarms[0]
                    alarm["state"] = "ALARM" if alarm["state"] == "OK" else "OK"
                    alarm["since"] = int(time.time() * 1000)
                    alarm["reason"] = "1.6 % is above the threshold of 1 %" if alarm["state"] == "ALARM" else "0.3 %"
                    self.publish("alarms", {"alarms": self.alarms})
                if turn % 120 == 60:
                    self.deploy()

    def deploy(self):
        self.generation += 1
        self.deployments[0] = "".join(self.random.choice("abcdefghjkmnpqrstuvwxyz0123456789") for _ in range(6))
        hello = self.hello()
        del hello["history"]
        self.publish("hello", hello)


def handler(gateway, quiet):
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, format, *arguments):
            if not quiet:
                super().log_message(format, *arguments)

        def answer(self, status, body, kind, headers=()):
            self.send_response(status)
            for name, value in [("Content-Type", kind), ("Content-Length", str(len(body))), ("Cache-Control", "no-store"),
                                ("X-Content-Type-Options", "nosniff"), ("Referrer-Policy", "no-referrer"), *headers]:
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def do_GET(self):
            path = self.path.split("?")[0]
            if path == "/dashboard":
                body, policy = page()
                self.answer(200, body, "text/html; charset=utf-8", [("Content-Security-Policy", policy)])
            elif path == "/dashboard/events":
                self.stream()
            elif path.startswith("/dashboard/requests/"):
                with gateway.lock:
                    detail = gateway.detail(path.rsplit("/", 1)[1])
                if detail is None:
                    self.answer(404, b'{"message":"not kept"}', "application/json")
                else:
                    self.answer(200, json.dumps(detail).encode(), "application/json")
            else:
                self.answer(404, b"not found\n", "text/plain")

        def stream(self):
            self.send_response(200)
            self.send_header("Content-Type", "text/event-stream")
            self.send_header("Cache-Control", "no-store")
            self.send_header("Connection", "close")
            self.end_headers()
            with gateway.lock:
                hello = f"retry: 1000\nevent: hello\ndata: {json.dumps(gateway.hello())}\n\n".encode()
                seen = gateway.serial
            try:
                self.wfile.write(hello)
                while True:
                    with gateway.lock:
                        gateway.lock.wait_for(lambda: gateway.serial > seen)
                        fresh = [data for serial, data in gateway.events if serial > seen]
                        seen = gateway.serial
                    self.wfile.write(b"".join(fresh))
                    self.wfile.flush()
            except OSError:
                pass
            self.close_connection = True

    return Handler


def main():
    options = argparse.ArgumentParser()
    options.add_argument("--port", type=int, default=8099)
    options.add_argument("--routes", type=int, default=0)
    options.add_argument("--empty", action="store_true")
    options.add_argument("--quiet", action="store_true")
    given = options.parse_args()
    gateway = Gateway(given.routes, given.empty)
    server = ThreadingHTTPServer(("127.0.0.1", given.port), handler(gateway, given.quiet))
    server.daemon_threads = True
    threading.Thread(target=gateway.run, daemon=True).start()
    print(f"http://127.0.0.1:{server.server_port}/dashboard", flush=True)
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        pass


if __name__ == "__main__":
    main()
