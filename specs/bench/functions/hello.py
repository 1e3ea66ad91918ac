"""A function that returns at once: what is measured around it is the gateway's."""


def handler(event, context):
    return {"statusCode": 200, "headers": {"Content-Type": "application/json"}, "body": '{"message":"hello"}'}
