"""What a client waits for: `$connect`, the two-way route `who`, and `$default` (Lambda proxy integration)."""
import json

from members import Members

members = Members()


def handler(event, context):
    request = event["requestContext"]
    connection = request["connectionId"]
    if request["routeKey"] == "$connect":
        members.connect(connection)
        return {"statusCode": 200}
    if request["routeKey"] == "who":
        room, _ = members.find(connection)
        if room is None:
            return answer({"type": "refused", "reason": "join a room first"})
        return answer({"type": "members", "room": room, "names": [name for _, name in members.of(room)]})
    return answer({"type": "refused", "reason": "say what you want: action is join, send or who"})


def answer(message):
    """Of a two-way route, the body is what the client gets."""
    return {"statusCode": 200, "body": json.dumps(message)}
