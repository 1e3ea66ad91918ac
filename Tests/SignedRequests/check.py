"""Signs requests with botocore, sends them to a gateway, then sends each of many changes of them.

    PYTHON Tests/SignedRequests/check.py PORT

What is signed must get in, and nothing else. Prints {"accepted": N, "refused": N, "mistakes": [...]} to standard output.
"""

import base64
import datetime
import http.client
import json
import random
import sys
import urllib.parse

from botocore.auth import SigV4Auth, SigV4QueryAuth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

KEYS = Credentials("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY")
SESSION = Credentials("ASIASESSION", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", "the/token==")
PORT = int(sys.argv[1])
HOST = f"127.0.0.1:{PORT}"


def send(method, target, headers, body):
    connection = http.client.HTTPConnection("127.0.0.1", PORT, timeout=20)
    try:
        connection.putrequest(method, target, skip_host=True, skip_accept_encoding=True)
        for name, value in headers:
            connection.putheader(name, value)
        if body:
            connection.putheader("Content-Length", str(len(body)))
        connection.endheaders(body or None)
        answer = connection.getresponse()
        return answer.status, answer.read().decode("utf-8", "replace")
    finally:
        connection.close()


def signed(method, path, body=b"", keys=KEYS, headers=(), presigned=False):
    request = AWSRequest(method, f"http://{HOST}{path}", data=body, headers={"Host": HOST, **dict(headers)})
    if presigned:
        SigV4QueryAuth(keys, "execute-api", "us-east-1", expires=60).add_auth(request)
    else:
        SigV4Auth(keys, "execute-api", "us-east-1").add_auth(request)
    url = urllib.parse.urlsplit(request.prepare().url)
    return method, url.path + (f"?{url.query}" if url.query else ""), list(request.headers.items()), body


def requests():
    yield signed("GET", "/dev/pets")
    yield signed("GET", "/dev/pets?b=2&a=1&a=0&empty=&%C3%BC=%20x%2Fy")
    yield signed("GET", "/dev/files/a%20b/c~d/-_.")
    yield signed("GET", "/dev/files//x/./y/")
    yield signed("GET", "/dev/files/" + urllib.parse.quote("ü:@!$&'()*+,;="))
    yield signed("POST", "/dev/pets", json.dumps({"name": "Grüße"}).encode(), keys=SESSION)
    yield signed("POST", "/dev/pets", bytes(range(256)), keys=SESSION, headers=[("X-More", "  a   b  "), ("Content-Type", "application/json")])
    yield signed("GET", "/dev/pets?x=1", presigned=True)
    yield signed("GET", "/dev/files/a%2Fb", presigned=True, keys=SESSION)


def changed(text, position, random):
    """The text with another character at a place."""
    old = text[position]
    new = random.choice([c for c in "abcXYZ019" if c.lower() != old.lower()])
    return text[:position] + new + text[position + 1 :]


def main():
    choice = random.Random(6)
    mistakes, accepted, refused = [], 0, 0
    originals = list(requests())
    for request in originals:
        status, text = send(*request)
        if status == 200:
            accepted += 1
        else:
            mistakes.append(f"refused {request[0]} {request[1]}: {status} {text[:300]}")
    while refused < 220 and not mistakes:
        method, target, headers, body = choice.choice(originals)
        what = choice.choice(["query", "header", "header", "body", "method", "added", "path"])
        if what == "query":
            start = target.find("?") + 1
            if not start:
                continue
            target = changed(target, choice.randrange(start, len(target)), choice)
        elif what == "path":
            end = target.find("?") if "?" in target else len(target)
            # The stage and the resource stay, or it would be another method that is asked for.
            if not target.startswith("/dev/files/"):
                continue
            target = changed(target, choice.randrange(len("/dev/files/"), end), choice)
        elif what == "header":
            index = choice.randrange(len(headers))
            name, value = headers[index]
            if name.lower() in ("host", "content-type", "content-length", "x-more"):
                continue
            headers = list(headers)
            headers[index] = (name, changed(value, choice.randrange(len(value)), choice))
        elif what == "body":
            if not body:
                continue
            position = choice.randrange(len(body))
            body = body[:position] + bytes([body[position] ^ (1 << choice.randrange(8))]) + body[position + 1 :]
        elif what == "method":
            if target.startswith("/dev/files"):
                continue
            method = "POST" if method == "GET" else "GET"
        elif what == "added":
            target += ("&" if "?" in target else "?") + "added=1"
        status, text = send(method, target, headers, body)
        if status == 403:
            refused += 1
        else:
            mistakes.append(f"{what} changed, and let in: {method} {target} {headers}: {status}")
    print(json.dumps({"accepted": accepted, "refused": refused, "mistakes": mistakes[:5]}))


if __name__ == "__main__":
    main()
