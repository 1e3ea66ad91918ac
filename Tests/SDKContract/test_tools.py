"""Tests of scripts/sdktools: a driver that takes anything for right would be worth nothing.

    python3 -B -m unittest discover Tests/SDKContract
"""

import base64
import datetime
import http.client
import json
import pathlib
import socket
import sys
import tempfile
import unittest
import urllib.parse

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "scripts"))

from sdktools import compare, hostile, languages, samples, servers, signature  # noqa: E402

VECTORS = json.loads((ROOT / "Tests/SDKContract/signing-vectors.json").read_text())
NOW = datetime.datetime(2024, 2, 29, 23, 59, 59, tzinfo=datetime.timezone.utc)


def received(vector):
    """The request of a vector as it arrives."""
    parts = urllib.parse.urlsplit(vector["url"])
    is_default = (parts.scheme, parts.port) in (("http", 80), ("https", 443))
    headers = {"authorization": [vector["authorization"]]}
    for name, value in vector["headers"] + vector["added"]:
        headers.setdefault(name.lower(), []).append(value.strip())
    headers.setdefault("host", [parts.hostname + ("" if is_default or not parts.port else f":{parts.port}")])
    target = (parts.path or "/") + ("?" + parts.query if parts.query else "")
    return vector["method"], target, headers, base64.b64decode(vector["body"])


class SignatureTests(unittest.TestCase):
    def check(self, vector, request, now=NOW):
        return signature.check(*request, {vector["accessKeyId"]: vector["secretAccessKey"]}, now)

    def test_what_botocore_signed_is_valid(self):
        for vector in VECTORS:
            with self.subTest(vector["name"]):
                self.assertEqual(self.check(vector, received(vector)), "valid")

    def test_anything_else_is_not(self):
        vector = next(vector for vector in VECTORS if vector["name"] == "everything")
        method, target, headers, body = received(vector)
        self.assertNotEqual(self.check(vector, ("PUT", target, headers, body)), "valid")
        self.assertNotEqual(self.check(vector, (method, target + "&b=", headers, body)), "valid")
        self.assertNotEqual(self.check(vector, (method, target.replace("%2F", "/"), headers, body)), "valid")
        self.assertNotEqual(self.check(vector, (method, target, headers, body + b" ")), "valid")
        self.assertNotEqual(self.check(vector, (method, target, {**headers, "accept": ["*/*"]}, body)), "valid")
        self.assertIn("not signed: x-api-key", self.check(vector, (method, target, {**headers, "x-api-key": ["k"]}, body)))
        self.assertIn("X-Amz-Date", self.check(vector, received(vector), NOW + datetime.timedelta(minutes=6)))


class CompareTests(unittest.TestCase):
    def differences(self, wanted, found):
        return compare.differences(compare.load(wanted), compare.load(found), "go")

    def test_equal_results_are_equal(self):
        for text in ['{"a": [1, null, true, "x", {"b": 0.5}]}', "[]", '"x"', "null"]:
            self.assertEqual(self.differences(text, text), [])

    def test_different_results_are_told(self):
        for wanted, found in [
            ("1", "true"), ("0", "false"), ("null", "0"), ('""', "null"), ("[1]", "[1, 2]"), ("[1]", '{"0": 1}'),
            ('{"a": 1}', "{}"), ("{}", '{"a": 1}'), ("9223372036854775807", "9223372036854775808"), ('"1"', "1"),
        ]:  # fmt: skip
            self.assertTrue(self.differences(wanted, found), f"{wanted} and {found}")

    def test_wire_is_compared_by_its_meaning(self):
        def wire(one, other):
            return self.differences(json.dumps({"wire": one}), json.dumps({"wire": other}))

        self.assertEqual(wire('{"a": 1, "b": [2.0]}', '{"b":[2],"a":1.0}'), [])
        self.assertTrue(wire('{"a": 9223372036854775807}', '{"a": 9223372036854775808}'))
        self.assertTrue(wire('{"a": null}', "{}"))
        self.assertTrue(wire('{"a": 1}', '{"a": true}'))
        self.assertTrue(wire('{"a": 1}', '{"a": 1, "a": 1}'))
        self.assertTrue(wire('{"a": 1}', "text"))

    def test_patterns_and_paths(self):
        pattern = '{"$match": "sdk-LANGUAGE/[0-9]"}'
        self.assertEqual(self.differences(pattern, '"sdk-go/1"'), [])
        self.assertTrue(self.differences(pattern, '"sdk-ruby/1"'))
        self.assertEqual(self.differences('{"path": "things[1].id"}', '{"path": "$.things.1.id"}'), [])
        self.assertTrue(self.differences('{"path": "things[1].id"}', '{"path": "things[0].id"}'))


class EchoTests(unittest.TestCase):
    def setUp(self):
        self.server = servers.EchoServer()
        self.addCleanup(self.server.stop)

    def request(self, path, method="GET", body=None, attempt=1, **headers):
        connection = http.client.HTTPConnection(urllib.parse.urlsplit(self.server.url).netloc, timeout=10)
        self.addCleanup(connection.close)
        connection.request(method, path, body, {"amz-sdk-request": f"attempt={attempt}; max=4", **headers})
        return connection.getresponse()

    def test_tells_what_was_on_the_wire(self):
        response = self.request("/echo/a%2Fb?c=%20d", "POST", iter([b"\x00", b"\xff"]), Accept="*/*")
        echo = json.loads(response.read())
        self.assertEqual((echo["method"], echo["target"]), ("POST", "/echo/a%2Fb?c=%20d"))
        self.assertEqual(base64.b64decode(echo["body"]), b"\x00\xff")
        self.assertEqual(echo["headers"]["transfer-encoding"], ["chunked"])
        self.assertEqual(response.headers["x-contract-accept"], "*/*")

    def test_counts_attempts(self):
        self.assertEqual([self.request("/echo/flaky/x", attempt=n).status for n in (1, 2, 3)], [503, 503, 200])
        self.assertTrue(self.request("/echo/date/x").headers["Retry-After"].endswith("GMT"))
        with self.assertRaises(http.client.RemoteDisconnected):
            self.request("/echo/broken/x")
        self.assertEqual(self.request("/echo/broken/x", attempt=2).status, 200)

    def test_breaks_bodies(self):
        with self.assertRaises(http.client.IncompleteRead):
            self.request("/echo/truncated/x").read()
        with self.assertRaises(http.client.IncompleteRead) as caught:
            self.request("/echo/truncated/wire/blob?size=1000").read()
        self.assertEqual(len(caught.exception.partial), 500)

    def test_holds_a_download_until_the_gate_opens(self):
        response = self.request("/echo/wire/blob?size=512&hold=g")
        self.assertEqual(response.read(256), bytes(range(256)))
        self.assertEqual(self.request("/echo/wire/gates/g", "PUT").status, 204)
        self.assertEqual(response.read(), bytes(range(256)))

    def test_refuses_and_is_silent(self):
        ports = servers.Ports()
        self.addCleanup(ports.stop)
        refused, silent = (urllib.parse.urlsplit(url) for url in (ports.refused_url, ports.silent_url))
        with self.assertRaises(ConnectionRefusedError):
            socket.create_connection((refused.hostname, refused.port), 5)
        with socket.create_connection((silent.hostname, silent.port), 5) as connection:
            connection.sendall(b"GET / HTTP/1.1\r\n\r\n")
            connection.settimeout(0.1)
            with self.assertRaises(TimeoutError):
                connection.recv(1)


README = """# Fake

## Install

```ruby
gem "fake"
```

## Create a client

```ruby
require "fake"
client = Fake::Client.new(key: ENV.fetch("API_KEY"))
```

## Operations

### `call`

```ruby
result = client.call(%s)
p result
```
"""
LIBRARY = """module Fake
  class TransportError < StandardError; end
  class InvalidArgumentError < StandardError; end

  class Client
    def initialize(key:, base_url:, max_retries:)
      @all = [key, base_url, max_retries]
    end

    def call(number:)
      raise InvalidArgumentError, "number is odd" if number.odd?

      raise TransportError
    end
  end
end
"""


class SampleTests(unittest.TestCase):
    def problems(self, arguments):
        """What is said of a package in Ruby whose README calls its operation with arguments."""
        with tempfile.TemporaryDirectory() as folder:
            client = pathlib.Path(folder, "fake")
            (client / "lib").mkdir(parents=True)
            (client / "lib" / "fake.rb").write_text(LIBRARY)
            (client / "README.md").write_text(README % arguments)
            return "\n".join(languages.BY_NAME["ruby"].compile([str(client)], folder))

    def test_reads_samples_with_their_headings(self):
        with tempfile.TemporaryDirectory() as folder:
            pathlib.Path(folder, "README.md").write_text(README)
            first, second = samples.read(folder, "ruby")
        self.assertEqual((first.section, first.operation, bool(first.has_client)), ("Create a client", None, False))
        self.assertEqual((second.section, second.operation, bool(second.has_client)), ("Operations", "`call`", True))

    def test_tells_samples_that_run_from_those_that_do_not(self):
        self.assertEqual(self.problems("number: 2"), "")
        self.assertIn("number is odd", self.problems("number: 1"))
        self.assertIn("missing keyword", self.problems("numbers: 2"))
        self.assertIn("NameError", self.problems("number: nobody_knows"))
        self.assertIn("SyntaxError", self.problems("number: ("))


class HostileTests(unittest.TestCase):
    def test_the_same_seed_gives_the_same_spec(self):
        for number in range(20):
            self.assertEqual(json.dumps(hostile.spec(7, number)), json.dumps(hostile.spec(7, number)))
        self.assertNotEqual(hostile.spec(7, 0), hostile.spec(8, 0))
        self.assertNotEqual(hostile.spec(7, 0), hostile.spec(7, 1))

    def test_many_specs_have_every_hostile_thing(self):
        text = "".join(json.dumps(hostile.spec(1, number), ensure_ascii=False) for number in range(100))
        for thing in ['"class"', '"nil"', '"fallthrough"', '"__proto__"', "*/", "#{", "${", "\\\\u000a", "=begin", "😀"]:
            self.assertIn(thing, text)
        for keyword in ["oneOf", "allOf", "discriminator", "proxy+", "x-amazon-apigateway-any-method", "3.1.0"]:
            self.assertIn(keyword, text)


if __name__ == "__main__":
    unittest.main()
