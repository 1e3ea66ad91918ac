"""A network between clients of a WebSocket API and its gateway, which can be cut."""

import socket
import threading


class Network:
    """A port before the gateway that hands bytes on as they are, and can be cut, which no gateway does by itself."""

    def __init__(self, address, reads_target):
        """`address` says where a request's target leads to; without `reads_target` it is asked for none."""
        self.address = address
        self.reads_target = reads_target
        self.lines = []
        self.lock = threading.Lock()
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=128)
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.listen, daemon=True).start()

    def listen(self):
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self.carry, args=(client,), daemon=True).start()

    def carry(self, client):
        start, target = b"", ""
        try:
            while self.reads_target and b"\r\n" not in start:
                piece = client.recv(65536)
                if not piece:
                    return client.close()
                start += piece
            if self.reads_target:
                target = start.split(b" ")[1].decode("latin-1")
            server = socket.create_connection(self.address(target))
        except OSError:
            return client.close()
        for end in (client, server):
            end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        with self.lock:
            self.lines += [client, server]
        back = threading.Thread(target=self.pump, args=(server, client), daemon=True)
        back.start()
        try:
            server.sendall(start)
        except OSError:
            pass
        self.pump(client, server)
        back.join()
        with self.lock:
            self.lines = [end for end in self.lines if end not in (client, server)]
        client.close()
        server.close()

    @staticmethod
    def pump(source, sink):
        try:
            while data := source.recv(65536):
                sink.sendall(data)
            sink.shutdown(socket.SHUT_WR)
        except OSError:
            # One side is gone, so is the line.
            for end in (source, sink):
                hang_up(end)

    def cut(self):
        """Ends all connections, for both sides."""
        with self.lock:
            ends = list(self.lines)
        for end in ends:
            hang_up(end)

    def stop(self):
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()


def hang_up(end):
    try:
        end.shutdown(socket.SHUT_RDWR)
    except OSError:
        pass
