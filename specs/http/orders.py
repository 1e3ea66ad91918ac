"""Orders of a shop: one function behind two routes of an HTTP API (payload format 2.0)."""
import base64
import json


def handler(event, context):
    if event["routeKey"] == "GET /orders/{id}":
        # Without statusCode the result is the body of a 200.
        return {
            "id": event["pathParameters"]["id"],
            "size": event.get("queryStringParameters", {}).get("size", "M"),
        }
    try:
        order = json.loads(body(event))
    except ValueError:
        return {"statusCode": 400, "body": json.dumps({"message": "send the order as JSON"})}
    return {
        "statusCode": 201,
        "headers": {"content-type": "application/json", "location": "/orders/8"},
        "cookies": ["last=8; Path=/; HttpOnly"],
        "body": json.dumps({**order, "id": "8"}),
    }


def body(event):
    text = event.get("body", "")
    return base64.b64decode(text) if event["isBase64Encoded"] else text
