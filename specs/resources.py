"""Makes what the examples in this folder need: a table, a queue, a topic, a state machine and a bucket.

scripts/local-aws runs it against moto. With your own credentials it makes the same in your account:
    python3 specs/resources.py
"""
import json

import boto3


def client(service):
    return boto3.client(service)


def table():
    client("dynamodb").create_table(
        TableName="notes",
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[{"AttributeName": name, "AttributeType": "S"} for name in ("id", "author", "created")],
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        GlobalSecondaryIndexes=[{
            "IndexName": "by-author",
            "KeySchema": [
                {"AttributeName": "author", "KeyType": "HASH"},
                {"AttributeName": "created", "KeyType": "RANGE"},
            ],
            "Projection": {"ProjectionType": "ALL"},
        }])


def queue():
    client("sqs").create_queue(QueueName="events")


def topic():
    client("sns").create_topic(Name="news")


def state_machine():
    role = client("iam").create_role(RoleName="orders", AssumeRolePolicyDocument=json.dumps({
        "Version": "2012-10-17",
        "Statement": [{
            "Effect": "Allow", "Principal": {"Service": "states.amazonaws.com"}, "Action": "sts:AssumeRole",
        }],
    }))
    client("stepfunctions").create_state_machine(
        name="orders",
        definition=json.dumps({"StartAt": "Done", "States": {"Done": {"Type": "Succeed"}}}),
        roleArn=role["Role"]["Arn"])


def bucket():
    # Bucket names are the world's: on AWS choose another.
    client("s3").create_bucket(Bucket="files")


for make in (table, queue, topic, state_machine, bucket):
    make()
