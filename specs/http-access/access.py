"""The functions of specs/http-access.yaml: one lets callers in, one says what it was told of them."""


def doorman(event, context):
    user = event["headers"]["x-user"]
    return {"isAuthorized": user in ("guest", "staff"), "context": {"user": user, "mayWrite": user == "staff"}}


def whoami(event, context):
    return event["requestContext"]["authorizer"]
