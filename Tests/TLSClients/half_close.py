"""Asks once over TLS, ends its side at once, and counts the bytes of the body that still come.

    half_close.py PORT HOST PATH AUTHORITY http/1.1|h2 notify|silent

`notify` ends with TLS's close_notify and TCP, `silent` with TCP alone. The answer is read slowly at first.
"""

import socket
import ssl
import struct
import sys
import time

port, host, path, authority, protocol, ending = sys.argv[1:]
SECONDS = 30


def frame(kind, flags, stream, payload):
    return len(payload).to_bytes(3, "big") + bytes([kind, flags]) + stream.to_bytes(4, "big") + payload


def request():
    if protocol == "http/1.1":
        return f"GET {path} HTTP/1.1\r\nHost: {host}\r\n\r\n".encode()
    # Room for the whole answer, and a head without Huffman codes: fields of RFC 7541's static table.
    settings = frame(4, 0, 0, struct.pack(">HI", 4, 1 << 30))
    window = frame(8, 0, 0, struct.pack(">I", 1 << 30))
    fields = b"\x82\x87" + b"".join(
        bytes([0x40 | index, len(text)]) + text for index, text in [(1, host.encode()), (4, path.encode())]
    )
    return b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + settings + window + frame(1, 5, 1, fields)


def body_length(answer):
    if protocol == "http/1.1":
        return len(answer.partition(b"\r\n\r\n")[2])
    count = 0
    while len(answer) >= 9:
        length = int.from_bytes(answer[:3], "big")
        if answer[3] == 0:
            count += len(answer[9 : 9 + length])
        answer = answer[9 + length :]
    return count


context = ssl.create_default_context(cafile=authority)
context.set_alpn_protocols([protocol])
incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
tls = context.wrap_bio(incoming, outgoing, server_hostname=host)
tcp = socket.create_connection(("127.0.0.1", int(port)), timeout=SECONDS)


def send():
    tcp.sendall(outgoing.read())


while True:
    try:
        tls.do_handshake()
        break
    except ssl.SSLWantReadError:
        send()
        incoming.write(tcp.recv(65536))
tls.write(request())
if ending == "notify":
    try:
        tls.unwrap()
    except ssl.SSLWantReadError:
        pass
send()
tcp.shutdown(socket.SHUT_WR)
time.sleep(0.3)

# With its own close_notify sent, Python's TLS reads no more, so that records are counted instead of their contents.
records = b""
answer = b""
while data := tcp.recv(65536):
    if ending == "notify":
        records += data
        continue
    incoming.write(data)
    while True:
        try:
            piece = tls.read(1 << 20)
        except ssl.SSLWantReadError:
            break
        if not piece:
            break
        answer += piece
print(len(records) if ending == "notify" else body_length(answer))
