"""Decodes a request of OTLP with the classes that the OpenTelemetry project generates.

    PYTHON Tests/OTLPDecoder/decode.py FILE        with a PYTHON of scripts/python-environment

FILE holds an ExportTraceServiceRequest. Prints it as JSON with ids in hexadecimal and attributes as plain objects, and
`unknown`: the number of fields that the classes do not know, which must be 0. Ends with 1 if the bytes are no message.
"""

import json
import sys

from google.protobuf.message import DecodeError
from google.protobuf.unknown_fields import UnknownFieldSet
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest


def unknown_fields(message):
    count = len(UnknownFieldSet(message))
    for field, value in message.ListFields():
        if field.message_type is None:
            continue
        values = value if field.is_repeated else [value]
        count += sum(unknown_fields(item) for item in values)
    return count


def attributes(pairs):
    names = [pair.key for pair in pairs]
    if len(set(names)) != len(names):
        sys.exit(f"an attribute stands twice: {names}")
    return {pair.key: getattr(pair.value, pair.value.WhichOneof("value")) for pair in pairs}


def span(value):
    return {
        "traceId": value.trace_id.hex(),
        "spanId": value.span_id.hex(),
        "parentSpanId": value.parent_span_id.hex(),
        "traceState": value.trace_state,
        "name": value.name,
        "kind": value.SpanKind.Name(value.kind),
        "start": value.start_time_unix_nano,
        "end": value.end_time_unix_nano,
        "flags": value.flags,
        "status": value.status.StatusCode.Name(value.status.code),
        "message": value.status.message,
        "attributes": attributes(value.attributes),
    }


def main():
    with open(sys.argv[1], "rb") as file:
        data = file.read()
    request = ExportTraceServiceRequest()
    try:
        request.ParseFromString(data)
    except DecodeError as error:
        print(f"no ExportTraceServiceRequest: {error}", file=sys.stderr)
        return 1
    resources = [
        {
            "resource": attributes(entry.resource.attributes),
            "scopes": [
                {"name": scope.scope.name, "spans": [span(value) for value in scope.spans]}
                for scope in entry.scope_spans
            ],
        }
        for entry in request.resource_spans
    ]
    print(json.dumps({"resources": resources, "unknown": unknown_fields(request)}, sort_keys=True))
    return 0


if __name__ == "__main__":
    sys.exit(main())
