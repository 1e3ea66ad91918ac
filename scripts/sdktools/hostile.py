"""Specs with names and shapes that break careless generators. The same seed and number give the same spec."""

import random
import unicodedata

# Words that mean something in Swift, TypeScript, Python, Kotlin, Java, Go or Ruby.
KEYWORDS = """
abstract alias alignas and any Any as assert associatedtype async await begin BEGIN bool boolean break byte case catch
chan char class companion const constructor continue crossinline data declare def default defer defined? defer del
delete deinit delegate do double dynamic elif else elsif end END ensure enum eval except export extends extension
external fallthrough false False field file fileprivate final finally float for foreach from fun func function get
global go goto guard if impl implements import in indirect infix init inline inner inout instanceof int interface
internal is isolated it keyof lambda lateinit lazy let long macro match mod module mutating namespace native never new
next nil noinline none None nonlocal nonisolated noreturn not null number object of oneway open operator optional or
override out package param pass private property protected protocol public raise range readonly receiver record redo
reified repeat require rescue resume retry rethrows return sealed select self Self set short sizeof some Some static
strictfp String struct subscript super suspend switch symbol synchronized tailrec template then this throw throws
transient true True try type typealias typeof undef undefined unique unknown unless unowned until using val value var
vararg virtual void volatile weak when where while with yield _ __ __FILE__ __LINE__ __ENCODING__ print exec
""".split()

# Types of standard libraries, names that every object has, and what a client's library may call its own.
STANDARD = """
Any AnyObject Array ArrayList Async AsyncIterator Awaitable BasicObject Bool Boolean Buffer Bytes ByteBuffer Callable
Character Class Client Codable Collection Comparable CompletableFuture Configuration Context CodingKeys Credentials
Data Date DateTime Decimal Decoder Deferred Dict Dictionary Double Duration Encoder Enum Enumerator Equatable Error
Exception Float Foundation Function Future GatewayError Generic Hash Hashable HttpClient Int Int32 Int64 Integer
Iterable Iterator JSON Json JSONValue Kernel KeyError List Literal Long Map Mapping Math Module NilClass Never None
NotImplemented Null Number Object Optional Option Options Page Pager Path Pattern Process Promise Proxy Query Record
Regexp Request Response ResponseError Result RuntimeError Runtime Self Sendable Sequence Set Signer Stream String Struct
Symbol Symbol System Task Thread Throwable Time TimeoutError Timestamp TransportError Tuple Type TypeVar UInt8 Union
Unit Unknown UUID URL Uint8Array Value Void View Tree Test Main Contract Api Sdk Library Portico Models Model Operation
append args arguments base body bool bytes cap catch clone close cls coding codingKeys complex constructor
context copy debugDescription decode description dict dup encode equals err error errors extend fields finalize float
fmt format freeze from fromJSON frozen getClass has hash hashCode hashValue headers http id index init initialize inspect
instance_of? int io iota isEmpty items json kwargs key keys kind len length list log make math method methods mro name
names nameOf new next notify notifyAll nil_ object_id operation options os panic path pop print prototype query raw
rawValue real recover reflect request response result self send send_request signal size sort statusCode str string
strings super sync tap test then time timeout toJSON toString to_h to_json to_s token type types unknownValue update url
validate valueOf values wait x xor zip __class__ __dict__ __doc__ __init__ __module__ __name__ __proto__ __slots__
__typename additional additionalProperties additional_properties idempotencyKey idempotency_key hasOwnProperty
component1 builder build Builder ordinal compareTo entries let also apply main
""".split()

# Each row becomes one identifier in some style of some language.
COLLISIONS = [
    ["pet-id", "petId", "pet_id", "PetId", "pet id", "PETID", "pet.id", "Pet_ID", "petID", "pet--id", "$petId"],
    ["a", "A", "a_", "_a", "a-", "-a", "a1", "a2", "a 1"],
    ["HTTPServer", "HttpServer", "http_server", "httpServer", "HTTP-Server"],
    ["1st", "_1st", "1-st", "1ST", "first", "01st"],
    ["+1", "-1", "1", "1.0", "*1", "%1"],
    ["value", "Value", "value_", "value2", "VALUE", "value 2"],
    ["ApiError", "apiError", "API_ERROR", "Apierror", "ApiErrorError"],
]

ODD = [
    "", " ", "  ", "-", "--", ".", "..", "*", "?", "!", "@", "@type", "$", "$ref", "#", "#/x", "%", "%s", "%d%n", "&",
    "=", "==", "<", ">", "<T>", "[]", "{}", "()", "/", "//", "\\", "|", "~", "^", "`", "'", '"', ";", ":", "::", ",",
    "+", "0", "00", "123", "9a", "3.14", "1e9", "-5", "é", "ß", "ñandú", "日本語", "中 文", "Ελλάδα", "ελλάδα", "İstanbul",
    "😀", "😀😀", "👨‍👩‍👧", "🇩🇪", "\u200b", "\u00a0", "\u2028", "\ufeff", "\u202eabc", "e\u0301", "\ufb01", "K",
    "a" * 200, "A" * 200, "ab" * 150, "word " * 50, "x" * 79 + "y", "x" * 79 + "z", "é" * 100,
    "a\nb", "a\tb", "a\rb", "a\u0000b", "a\u0007b", "a\u001bb", "a\u007fb", "a\u0085b", "a'b", 'a"b', "a\\b", "a`b",
    "a$b", "a${b}c", "a#{b}c", "a\\(b)c", "a%{b}", "a{b}", "a/b", "a.b.c", "a:b", "a;b", "a*/b", "a//b", "a--b",
    "\\u0041", "\\u000a", "\\u{1f600}", "\\x41", "\\N{DASH}", "\\0", "\\", "\\\\", '\\"', "*/", "/*", "/**", "-->",
    "<!--", "</script>", "'''", '"""', "`${", "=begin", "=end", "__END__", "#{", "${", "\\(", "#if", "//go:build x",
]  # fmt: skip

# What could end a comment or a string, or begin something in one.
POISON = [
    "*/ int x = 1; /*", "// line", "/** doc */", '"""', "'''", "`", "``` x ```", "\\", "\\\\", "\\n", "\\u000a",
    "\\u002a\\u002f", "\\uXYZ", "\\x", "\\N{", "\\(x)", "${x}", "$x", "#{x}", "#x", "%s %d %", "{@link x}", "{@code",
    "@deprecated", "@param x", "@throws", "<b>", "</b>", "<", "&amp;", "&", "]]>", "<!--", "-->", "{{x}}", "{%", "=begin",
    "=end", "__END__", "#!", "//go:generate x", "// +build x", "/*", "*", "* x", "- x", "1. x", "| a | b |", "---", "# h",
    "[x](y)", "![x]", "\t", "\n", "\n\n", "\r\n", "\r", "\u0000", "\u0007", "\u000b", "\u000c", "\u001b[31m", "\u0085",
    "\u2028", "\u2029", "\u202e", "\ufeff", "\u200b", "é", "日本語", "😀", '"', "'", "''", '""', ";", "type: ignore",
    "# type: ignore", "noqa", "eslint-disable", "@ts-ignore", "x" * 300, " ", "   ", ":param x:", "- returns: x",
    "- Parameter x: y", "Deprecated: x", "@!method", "=", "?>", "end", "}", "{", ")", "(",
]  # fmt: skip

FORMATS = {
    "string": [None, None, None, "date-time", "date", "byte", "binary", "uuid", "email", "password", "odd format"],
    "integer": [None, "int32", "int64", "int8", "uint64", "odd"],
    "number": [None, "float", "double", "decimal"],
    "boolean": [None],
}
STATUSES = ["200", "201", "202", "204", "206", "299"]
ERRORS = ["300", "302", "304", "400", "401", "403", "404", "409", "418", "422", "429", "500", "503", "599", "default"]
TOKENS = """
X-Id x-id X_Id X.Id class for Type self X-123 123 x-amz-date X-Api-Version If-Match Cookie Content-Language X-Request-Id
x!y x#y x$y x%y x&y x'y x*y x+y x^y x`y x|y x~y Accept Content-Type Authorization x-api-key User-Agent Host Range
""".split()


# What connections have of their own.
SENDING = """
close closed receive receive_async receiveAsync Receive messages message Message send send_text sendText sendBytes
send_message sendMessage ping Ping subprotocol protocol iterator each connection socket Socket aclose onReconnect abort
connect disconnect open Close toString constructor makeAsyncIterator sendDefault 123 failure
""".split()
SELECTIONS = ["$request.body.action"] * 3 + ["$request.body.class", "$request.body.a.type", "${request.body.a}"]


def spec(seed, number):
    """An OpenAPI document as a value for JSON; each fifth is of a WebSocket API."""
    source = _Spec(random.Random(f"{seed}/{number}"), number)
    return source.connections() if number % 5 == 3 else source.document()


class _Spec:
    def __init__(self, source, number):
        self.random = source
        self.number = number
        # REST and WebSocket APIs take only letters and digits in names of models; HTTP APIs take everything.
        self.is_rest = source.random() < 0.4
        self.is_new = source.random() < 0.2
        self.models = self.names(source.randint(3, 14))
        if self.is_rest:
            self.keep_plain_models()

    def keep_plain_models(self):
        self.models = [name for name in self.models if name.isalnum() and name.isascii()] or ["Model"]

    # Names

    def name(self):
        kind = self.random.random()
        if kind < 0.35:
            return self.random.choice(KEYWORDS)
        if kind < 0.6:
            return self.random.choice(STANDARD)
        if kind < 0.75:
            return self.random.choice(self.random.choice(COLLISIONS))
        if kind < 0.95:
            return self.random.choice(ODD)
        return self.random.choice(ODD) + self.random.choice(KEYWORDS) + self.random.choice(ODD)

    def names(self, count):
        """Different names; half of the time a whole family of colliding ones is among them."""
        names = {}
        if self.random.random() < 0.5:
            family = self.random.choice(COLLISIONS)
            names.update(dict.fromkeys(self.random.sample(family, self.random.randint(2, len(family)))))
        while len(names) < count:
            names[self.name()] = None
        # The importer refuses names that differ only in how their accents are encoded.
        names = list({unicodedata.normalize("NFC", name): name for name in names}.values())
        self.random.shuffle(names)
        return names[:count]

    def model_names(self):
        return [name for name in self.models if name]

    def text(self):
        if self.random.random() < 0.3:
            return self.random.choice(POISON)
        return self.random.choice([" ", "", "\n"]).join(
            self.random.choice([*POISON, "word", "two words", "End of it."]) for _ in range(self.random.randint(1, 8))
        )

    def documented(self, value, *keys):
        for key in keys:
            if self.random.random() < 0.5:
                value[key] = self.text()
        return value

    # Schemas

    def reference(self):
        name = self.random.choice(self.model_names())
        token = name.replace("~", "~0").replace("/", "~1")
        kept = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~"
        encoded = "".join(
            c if c in kept else "".join(f"%{byte:02X}" for byte in c.encode()) for c in token
        )
        return {"$ref": "#/components/schemas/" + encoded}

    def scalar(self):
        kind = self.random.choice(list(FORMATS))
        schema = {"type": kind}
        form = self.random.choice(FORMATS[kind])
        if form:
            schema["format"] = form
        if kind == "integer" and self.random.random() < 0.2:
            schema.update(minimum=-9223372036854775808, maximum=9223372036854775807)
        if kind == "string" and self.random.random() < 0.15:
            schema.update(pattern="^[a-z\"'\\\\*/]+$", default=self.random.choice(ODD))
        if kind == "integer" and self.random.random() < 0.1:
            schema["enum"] = [1, 2, -3]
        return schema

    def enumeration(self):
        values = self.names(self.random.randint(1, 12))
        schema = {"type": "string", "enum": values}
        if self.random.random() < 0.2:
            schema["nullable"] = True
            schema["enum"] = [*values, None]
        return schema

    def structure(self, depth):
        properties = {name: self.schema(depth + 1) for name in self.names(self.random.randint(0, 9))}
        schema = {"type": "object", "properties": properties}
        required = [name for name in properties if self.random.random() < 0.4]
        if required:
            schema["required"] = required
        if self.random.random() < 0.05:
            schema["required"] = [*required, "not there"]
        kind = self.random.random()
        if kind < 0.1:
            schema["additionalProperties"] = True
        elif kind < 0.25:
            schema["additionalProperties"] = self.schema(depth + 1)
        elif kind < 0.35:
            schema["additionalProperties"] = False
        if self.random.random() < 0.1:
            del schema["type"]
        return schema

    def union(self, depth):
        keyword = self.random.choice(["oneOf", "oneOf", "anyOf"])
        if self.random.random() < 0.5:
            entries = [self.reference() for _ in range(self.random.randint(1, 5))]
            schema = {keyword: entries}
            if self.random.random() < 0.6:
                schema["discriminator"] = {"propertyName": self.name()}
                if self.random.random() < 0.6:
                    schema["discriminator"]["mapping"] = {
                        value: entries[index % len(entries)]["$ref"] for index, value in enumerate(self.names(3))
                    }
        else:
            schema = {keyword: [self.schema(depth + 1) for _ in range(self.random.randint(1, 6))]}
        if self.random.random() < 0.15:
            schema["properties"] = {name: self.schema(depth + 1) for name in self.names(2)}
        return schema

    def schema(self, depth=0):
        schema = self.shape(depth)
        if "$ref" in schema:
            return schema
        if self.random.random() < 0.15:
            if self.is_new and isinstance(schema.get("type"), str):
                schema["type"] = [schema["type"], "null"]
            else:
                schema["nullable"] = True
        if self.random.random() < 0.2:
            schema["title"] = self.random.choice([self.name(), "Same", "Item", self.text()])
        if self.random.random() < 0.1:
            schema["deprecated"] = True
        if self.random.random() < 0.1:
            schema[self.random.choice(["readOnly", "writeOnly"])] = True
        if self.random.random() < 0.2:
            schema["description"] = self.text()
        return schema

    def shape(self, depth):
        kind = self.random.random()
        if depth > 4 or kind < 0.3:
            return self.scalar()
        if kind < 0.5 and self.model_names():
            return self.reference()
        if kind < 0.58:
            return self.enumeration()
        if kind < 0.7:
            schema = {"type": "array", "items": self.schema(depth + 1)}
            if self.random.random() < 0.1:
                del schema["items"]
            return schema
        if kind < 0.78:
            return {"type": "object", "additionalProperties": self.schema(depth + 1)}
        if kind < 0.88:
            return self.structure(depth)
        if kind < 0.93 and self.model_names():
            return self.union(depth)
        if kind < 0.97 and self.model_names():
            parts = [self.random.choice([self.reference, lambda: self.structure(depth + 1)])() for _ in range(2)]
            schema = {"allOf": parts}
            if self.random.random() < 0.3:
                schema["properties"] = {name: self.schema(depth + 1) for name in self.names(2)}
            return schema
        if self.is_new and kind < 0.985:
            return self.random.choice([{"const": self.name()}, {"type": ["string", "integer", "null"]}, {"const": 5}])
        return {}

    def model(self, name):
        kind = self.random.random()
        if kind < 0.5:
            schema = self.structure(0)
        elif kind < 0.6:
            schema = self.enumeration()
        elif kind < 0.72:
            schema = self.union(0)
        elif kind < 0.84:
            # Also of itself, and of models that are made of it.
            schema = {"allOf": [self.reference(), self.structure(1)]}
            if self.random.random() < 0.3:
                schema["allOf"].append(self.reference())
        elif kind < 0.9:
            schema = {"type": "object", "properties": {"self": {"$ref": self.reference_to(name)}, "x": self.reference()}}
            schema["required"] = self.random.choice([[], ["x"], ["self"]])
            if not schema["required"]:
                del schema["required"]
        elif kind < 0.94:
            schema = {
                "type": "object", "discriminator": {"propertyName": "kind"}, "required": ["kind"],
                "properties": {"kind": {"type": "string"}, **{name: self.schema(1) for name in self.names(2)}},
            }  # fmt: skip
        else:
            schema = self.schema(0)
            if "$ref" in schema:
                # Another name, but never in a circle: that is refused.
                later = self.models[self.models.index(name) + 1 :]
                schema = {"$ref": self.reference_to(self.random.choice(later))} if later else self.scalar()
        return self.documented(schema, "description") if "$ref" not in schema else schema

    def reference_to(self, name):
        models, self.models = self.models, [name]
        reference = self.reference()["$ref"]
        self.models = models
        return reference

    # Operations

    def parameters(self, path):
        parameters = []
        for segment in path.split("/"):
            if segment.startswith("{"):
                parameters.append(
                    {"name": segment[1:-1].rstrip("+"), "in": "path", "required": True, "schema": self.plain()}
                )
        for name in self.names(self.random.randint(0, 8)):
            parameter = {"name": name, "in": "query", "schema": self.plain_or_list()}
            if self.random.random() < 0.3:
                parameter["style"] = self.random.choice(["form", "spaceDelimited", "pipeDelimited", "deepObject"])
                parameter["explode"] = self.random.random() < 0.5
            parameters.append(parameter)
        for name in self.random.sample(TOKENS, self.random.randint(0, 5)):
            parameters.append({"name": name, "in": "header", "schema": self.plain_or_list()})
        seen = set()
        kept = []
        for parameter in parameters:
            key = (parameter["in"], parameter["name"].lower() if parameter["in"] == "header" else parameter["name"])
            if key in seen:
                continue
            seen.add(key)
            if parameter["in"] != "path" and self.random.random() < 0.3:
                parameter["required"] = True
            if self.random.random() < 0.1:
                parameter["deprecated"] = True
            kept.append(self.documented(parameter, "description"))
        return kept

    def plain(self):
        return self.enumeration() if self.random.random() < 0.2 else self.scalar()

    def plain_or_list(self):
        if self.random.random() < 0.3:
            return {"type": "array", "items": self.plain()}
        return self.plain() if self.random.random() < 0.9 else self.schema(3)

    def content(self):
        kind = self.random.random()
        if kind < 0.8:
            media = self.random.choice(["application/json"] * 8 + ["application/problem+json", "*/*"])
            return {media: {"schema": self.schema(1)}}
        if kind < 0.9:
            return {self.random.choice(["text/plain", "application/xml"]): {"schema": {"type": "string"}}}
        return {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}

    def response(self):
        response = {"description": self.text()}
        if self.random.random() < 0.7:
            response["content"] = self.content()
        return response

    def operation(self, path, verb):
        operation = {"responses": {}}
        for status in self.random.sample(STATUSES, self.random.randint(0, 2)):
            operation["responses"][status] = self.response()
        for status in self.random.sample(ERRORS, self.random.randint(0, 4)):
            operation["responses"][status] = self.response()
        if not operation["responses"]:
            operation["responses"]["200"] = self.response()
        if self.random.random() < 0.8:
            # Some of them twice in the document.
            operation["operationId"] = self.random.choice([self.name(), self.name(), "same", "Same"])
        if self.random.random() < 0.5:
            operation["tags"] = self.names(self.random.randint(1, 2))
        if self.random.random() < 0.1:
            operation["deprecated"] = True
        parameters = self.parameters(path)
        if parameters:
            operation["parameters"] = parameters
        if verb in ("post", "put", "patch", "any") and self.random.random() < 0.8:
            operation["requestBody"] = {"required": self.random.random() < 0.6, "content": self.content()}
        if self.random.random() < 0.3:
            schemes = self.random.sample(["key", "sigv4", "pool", "bearer", "basic", "other", "odd"], 2)
            # An operation of an HTTP API has one requirement.
            most = 2 if self.is_rest else 1
            operation["security"] = [{scheme: [] for scheme in schemes[: self.random.randint(1, most)]}]
        operation["x-amazon-apigateway-integration"] = {"type": "mock"}
        return self.documented(operation, "summary", "description")

    def paged(self):
        return {
            "operationId": self.name() or "page",
            "parameters": [
                {"name": "nextToken", "in": "query", "schema": {"type": "string"}},
                {"name": "maxResults", "in": "query", "schema": {"type": "integer"}},
                {"name": self.name(), "in": "query", "schema": {"type": "string"}},
            ],
            "responses": {
                "200": {
                    "description": "A page.",
                    "content": {
                        "application/json": {
                            "schema": {
                                "type": "object",
                                "properties": {
                                    self.name() or "list": {"type": "array", "items": self.schema(3)},
                                    "nextToken": {"type": "string", "nullable": self.random.random() < 0.5},
                                },
                            }
                        }
                    },
                }
            },
        }

    def paths(self):
        words = [word for word in [*KEYWORDS, "a-b", "a_b", "aB", "v1", "1", "a.b"] if word.isascii() and "?" not in word]
        variables = [word for word in [*KEYWORDS, "id", "ID", "pet-id", "petId", "pet_id", "a.b"] if "?" not in word]
        paths = {}
        # API Gateway knows one variable at each place, so paths that begin alike have the same one.
        chosen = {}
        for _ in range(self.random.randint(1, 7)):
            path = ""
            shape = ""
            used = set()
            count = self.random.randint(0, 4)
            for index in range(count):
                segment = self.random.choice(words)
                if self.random.random() < 0.5:
                    is_greedy = index == count - 1 and self.random.random() < 0.3
                    name = "proxy+" if is_greedy else self.random.choice([v for v in variables if v not in used])
                    name = chosen.setdefault(shape, name)
                    if name in used:
                        break
                    used.add(name)
                    segment = "{" + name + "}"
                path += "/" + segment
                shape += "/{}" if segment.startswith("{") else "/" + segment
                if segment.endswith("+}"):
                    break
            verbs = self.random.sample(["get", "put", "post", "delete", "patch", "head", "options", "any"], 2)
            item = {}
            for verb in verbs[: self.random.randint(1, 2)]:
                item["x-amazon-apigateway-any-method" if verb == "any" else verb] = self.operation(path, verb)
            paths[path or "/"] = item
        if self.random.random() < 0.5:
            paths.setdefault("/pages-of-it", {"get": self.paged()})
        return paths

    # Connections

    def message(self):
        return self.reference() if self.model_names() and self.random.random() < 0.6 else self.schema(1)

    def route(self):
        integration = {"type": "mock"}
        route = {"x-amazon-apigateway-integration": integration}
        if self.random.random() < 0.7:
            route["modelSelectionExpression"] = "$default"
            route["requestModels"] = {"$default": self.message()}
        if self.random.random() < 0.4:
            route["routeResponse"] = "$default"
            integration["responses"] = {"$default": {}}
            if self.random.random() < 0.7:
                route["responseModels"] = {"$default": self.message()}
        if self.random.random() < 0.4:
            route["operationId"] = self.random.choice([self.name(), self.name(), "same", "Same"]) or "same"
        if self.random.random() < 0.2:
            route["deprecated"] = True
        return self.documented(route, "summary", "description")

    def connect(self):
        route = {"x-amazon-apigateway-integration": {"type": "mock"}}
        parameters = [parameter for parameter in self.parameters("") if parameter["name"].lower() != "host"]
        if parameters:
            route["parameters"] = parameters
        if self.random.random() < 0.5:
            route["operationId"] = self.name() or "connect"
        if self.random.random() < 0.7:
            schemes = self.random.choice([["key"], ["sigv4"], ["guard"], ["sigv4", "key"], ["guard", "key"]])
            route["security"] = [{scheme: []} for scheme in schemes]
        return self.documented(route, "summary", "description")

    def connections(self):
        """A document of a WebSocket API."""
        self.keep_plain_models()
        routes = {"$connect": self.connect()}
        for key in [*self.random.sample(SENDING, 6), *self.names(self.random.randint(1, 9))]:
            if key.strip() and key.isprintable() and not key.startswith("$"):
                routes[key] = self.route()
        if self.random.random() < 0.6:
            routes["$default"] = self.route()
        api = {"routeSelectionExpression": self.random.choice(SELECTIONS), "routes": routes}
        if self.random.random() < 0.8:
            api["messages"] = {name: {"schema": self.message()} for name in self.names(5) if name}
            if self.random.random() < 0.8:
                api["messageSelectionExpression"] = self.random.choice(SELECTIONS).replace("request", "message")
        document = self.document()
        del document["paths"]
        document["x-portico-protocol"] = "WEBSOCKET"
        document["x-portico-websocket"] = api
        schemes = document["components"]["securitySchemes"]
        document["components"]["securitySchemes"] = {
            "key": schemes["key"],
            "sigv4": schemes["sigv4"],
            "guard": {
                "type": "apiKey", "name": "Unused", "in": "header", "x-amazon-apigateway-authtype": "custom",
                "x-amazon-apigateway-authorizer": {
                    "type": "request", "identitySource": "route.request.querystring.Auth",
                    "authorizerUri": "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/"
                    "arn:aws:lambda:us-east-1:123456789012:function:f/invocations",
                },
            },
        }  # fmt: skip
        return document

    def pool(self):
        """Callers of a user pool, as each kind of API knows them."""
        if not self.is_rest:
            return {
                "type": "oauth2", "flows": {},
                "x-amazon-apigateway-authorizer": {
                    "type": "jwt", "identitySource": "$request.header.Authorization",
                    "jwtConfiguration": {"issuer": "https://tokens.example.com", "audience": ["clients"]},
                },
            }  # fmt: skip
        return {
            "type": "apiKey", "name": self.random.choice(TOKENS), "in": "header",
            "x-amazon-apigateway-authtype": "cognito_user_pools",
            "x-amazon-apigateway-authorizer": {
                "type": "cognito_user_pools",
                "providerARNs": ["arn:aws:cognito-idp:us-east-1:123456789012:userpool/us-east-1_abc"],
            },
        }  # fmt: skip

    def document(self):
        models = {name: self.model(name) for name in self.model_names()}
        return {
            "openapi": "3.1.0" if self.is_new else "3.0.1",
            "x-portico-protocol": "REST" if self.is_rest else "HTTP",
            "info": self.documented(
                {"title": self.name() or "t", "version": self.random.choice(["1.0", "", "*/", '"', "2024-01-01"])},
                "description",
            ),
            "paths": self.paths(),
            "components": {
                "schemas": models,
                "securitySchemes": {
                    "key": {"type": "apiKey", "name": "x-api-key", "in": "header"},
                    "sigv4": {
                        "type": "apiKey", "name": "Authorization", "in": "header",
                        "x-amazon-apigateway-authtype": "awsSigv4",
                    },
                    "pool": self.pool(),
                    "bearer": {"type": "http", "scheme": "bearer"},
                    "basic": {"type": "http", "scheme": "basic"},
                    "other": {"type": "apiKey", "name": self.name() or "k", "in": "query"},
                    "odd": {"type": "mutualTLS"},
                },
            },
        }  # fmt: skip
