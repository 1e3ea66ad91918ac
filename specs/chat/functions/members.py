"""Who is connected, and who of them is in which room: a SQLite file that both functions share."""
import os
import pathlib
import sqlite3
import tempfile


class Members:
    """`CHAT_DATABASE` names the file; without it there is one among the temporary files."""

    def __init__(self):
        path = os.environ.get("CHAT_DATABASE") or pathlib.Path(tempfile.gettempdir(), "portico-chat.sqlite")
        self.rows = sqlite3.connect(path, timeout=10, isolation_level=None)
        self.rows.execute("PRAGMA journal_mode = WAL")
        self.rows.execute("PRAGMA synchronous = NORMAL")
        self.rows.execute("CREATE TABLE IF NOT EXISTS member (connection TEXT PRIMARY KEY, room TEXT, name TEXT)")
        self.rows.execute("CREATE INDEX IF NOT EXISTS member_of_room ON member (room)")

    def connect(self, connection):
        self.rows.execute("INSERT OR IGNORE INTO member (connection) VALUES (?)", (connection,))

    def join(self, connection, room, name):
        """Whether it is connected: a client may be gone before its wish is read."""
        return self.rows.execute(
            "UPDATE member SET room = ?, name = ? WHERE connection = ?", (room, name, connection)).rowcount == 1

    def remove(self, connection):
        self.rows.execute("DELETE FROM member WHERE connection = ?", (connection,))

    def find(self, connection):
        """Room and name; both `None` for somebody who is in no room."""
        return self.rows.execute(
            "SELECT room, name FROM member WHERE connection = ?", (connection,)).fetchone() or (None, None)

    def of(self, room):
        """Connections and names, those first who came first."""
        return self.rows.execute(
            "SELECT connection, name FROM member WHERE room = ? ORDER BY rowid", (room,)).fetchall()
