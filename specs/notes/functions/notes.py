"""Notes in a DynamoDB table: one function behind all methods of /notes (Lambda proxy integration)."""
import base64
import datetime
import json
import os
import uuid

import boto3
from boto3.dynamodb.conditions import Attr, Key
from botocore.exceptions import ClientError

# Made once for each process: connections are kept from request to request.
table = boto3.resource("dynamodb").Table(os.environ["TABLE_NAME"])


def handler(event, context):
    operation = OPERATIONS[event["httpMethod"], event["resource"]]
    try:
        return operation(event)
    except ClientError as error:
        if error.response["Error"]["Code"] == "ConditionalCheckFailedException":
            return answer(404, {"message": "no such note"})
        # The log has the details, the client has not.
        print(f"{context.aws_request_id} {error}")
        return answer(502, {"message": "the table is not available"})


def list_notes(event):
    author = (event["queryStringParameters"] or {}).get("author")
    if author:
        page = table.query(
            IndexName="by-author", KeyConditionExpression=Key("author").eq(author), ScanIndexForward=False)
    else:
        page = table.scan(Limit=100)
    return answer(200, {"notes": page["Items"]})


def create(event):
    note = {**body(event), "id": str(uuid.uuid4()), "created": now()}
    table.put_item(Item=note, ConditionExpression=Attr("id").not_exists())
    return answer(201, note, {"Location": f"/{event['requestContext']['stage']}/notes/{note['id']}"})


def get(event):
    note = table.get_item(Key=event["pathParameters"]).get("Item")
    return answer(200, note) if note else answer(404, {"message": "no such note"})


def replace(event):
    new = body(event)
    changed = table.update_item(
        Key=event["pathParameters"],
        ConditionExpression=Attr("id").exists(),
        UpdateExpression="SET author = :author, #text = :text",
        ExpressionAttributeNames={"#text": "text"},
        ExpressionAttributeValues={":author": new["author"], ":text": new["text"]},
        ReturnValues="ALL_NEW")
    return answer(200, changed["Attributes"])


def delete(event):
    table.delete_item(Key=event["pathParameters"], ConditionExpression=Attr("id").exists())
    return {"statusCode": 204}


OPERATIONS = {
    ("GET", "/notes"): list_notes,
    ("POST", "/notes"): create,
    ("GET", "/notes/{id}"): get,
    ("PUT", "/notes/{id}"): replace,
    ("DELETE", "/notes/{id}"): delete,
}


def body(event):
    """Author and text of the request; the gateway has checked that they are there."""
    text = event["body"]
    if event["isBase64Encoded"]:
        text = base64.b64decode(text)
    note = json.loads(text)
    return {"author": note["author"], "text": note["text"]}


def answer(status, value, headers=None):
    return {
        "statusCode": status,
        "headers": {"Content-Type": "application/json", **(headers or {})},
        "body": json.dumps(value),
    }


def now():
    return datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="milliseconds")
