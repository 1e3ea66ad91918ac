"""What happens in rooms, one event after the other: somebody joins, says something or leaves, and everybody hears it.

The events are made by mapping templates, so that this function knows nothing of HTTP.
"""
import json
import os

import boto3

from members import Members

members = Members()
clients = {}


def handler(event, context):
    connection = event["connection"]
    room, name = members.find(connection)
    if event["action"] == "join":
        if room is not None:
            leave(event, connection, room, name)
        if members.join(connection, event["room"], event["name"]):
            tell(event, event["room"], {"type": "joined", "name": event["name"]}, connection)
    elif event["action"] == "leave":
        members.remove(connection)
        if room is not None:
            tell(event, room, {"type": "left", "name": name})
    elif room is None:
        post(event, connection, {"type": "refused", "reason": "join a room first"})
    else:
        said = {"type": "said", "id": event["id"], "name": name, "text": event["text"]}
        tell(event, room, said, connection)


def leave(event, connection, room, name):
    """Somebody goes to another room, and hears nothing of the old one any more."""
    members.join(connection, None, None)
    tell(event, room, {"type": "left", "name": name})


def tell(event, room, message, actor=None):
    """Sends a message to everybody in a room; `you` tells the one who has done it."""
    gone = []
    for connection, name in members.of(room):
        if not post(event, connection, message if actor is None else {**message, "you": connection == actor}):
            gone.append((connection, name))
    for connection, name in gone:
        # Its `$disconnect` is still to come, or was lost with the process that would have run it.
        members.remove(connection)
        tell(event, room, {"type": "left", "name": name})


def post(event, connection, message):
    """Sends a message to a client; `False` if there is no such client any more."""
    client = management(event)
    try:
        client.post_to_connection(ConnectionId=connection, Data=json.dumps(message).encode())
    except client.exceptions.GoneException:
        return False
    except Exception as error:
        # The others still get it; an event that failed would be sent again to those who have it.
        print(f"{connection} did not get it: {error}")
    return True


def management(event):
    """The client of `@connections`; Portico says where that is, and on AWS the event does."""
    url = f"https://{event['domain']}/{event['stage']}"
    if os.environ.get("AWS_ENDPOINT_URL_APIGATEWAYMANAGEMENTAPI"):
        url = None
    if url not in clients:
        clients[url] = boto3.client("apigatewaymanagementapi", endpoint_url=url)
    return clients[url]
