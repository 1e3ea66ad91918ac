/// The other small languages: patterns, JSONPath, mapping expressions, gateway response bodies.
public enum ProgramDiagnostics {
    /// A selection pattern or a validation expression does not compile.
    public static let malformedPattern = DiagnosticID(
        "pattern.malformed", .error,
        """
        A regular expression does not compile. Patterns are those of java.util.regex, which API Gateway is built on: a \
        brace that stands for itself is written '\\{'. With --lenient it is a warning, and the pattern matches nothing.
        """)

    /// A JSONPath does not compile.
    public static let malformedJSONPath = DiagnosticID(
        "jsonpath.malformed", .error,
        """
        A JSONPath does not compile. Paths are those of Jayway JsonPath: $.a.b, $['a b'], $.list[0], $.list[-1], \
        $.list[1:3], $.list[*], $..name, $.list[?(@.price < 10)] and functions such as length() at the end.
        """)

    /// A mapping expression is none.
    public static let invalidMappingExpression = DiagnosticID(
        "mapping.expression.invalid", .error,
        """
        The value of a parameter mapping is not an expression that API Gateway knows. A request maps \
        method.request.{path|querystring|header|multivaluequerystring|multivalueheader}.NAME, method.request.body, \
        method.request.body.JSONPATH, context.NAME, stageVariables.NAME or 'a static value' in single quotes; a response \
        maps integration.response.{header|multivalueheader}.NAME and integration.response.body in the same way.
        """)

    /// A mapping's key is no destination.
    public static let invalidMappingDestination = DiagnosticID(
        "mapping.destination.invalid", .error,
        """
        The key of a parameter mapping names no destination. Requests map to \
        integration.request.{header|querystring|path}.NAME, responses to method.response.header.NAME, gateway responses \
        to gatewayresponse.header.NAME.
        """)

    /// A gateway response's destination that does nothing.
    public static let mappingWithoutEffect = DiagnosticID(
        "mapping.destination.without-effect", .warning,
        """
        API Gateway accepts gatewayresponse.path.NAME and gatewayresponse.querystring.NAME, but an answer has neither a \
        path nor a query string, so nothing is set.
        """)

    /// A variable of a gateway response that does not exist.
    public static let unknownSubstitution = DiagnosticID(
        "gateway-response.variable.unknown", .warning,
        """
        The body of a gateway response names a variable that does not exist, which leaves nothing in its place. Known \
        are $context.NAME, $stageVariables.NAME and $method.request.{header|path|querystring}.NAME.
        """)

    /// Template language in a gateway response.
    public static let substitutionIsNoTemplate = DiagnosticID(
        "gateway-response.template.not-vtl", .warning,
        """
        The body of a gateway response knows simple variables only. Directives such as #if and functions such as \
        $input.json or $util.escapeJavaScript are printed as they stand.
        """)

    /// Every row of this area.
    public static let all: [DiagnosticID] = [
        malformedPattern, malformedJSONPath, invalidMappingExpression, invalidMappingDestination, mappingWithoutEffect,
        unknownSubstitution, substitutionIsNoTemplate,
    ]
}
