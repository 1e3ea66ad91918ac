// Hot: once per fault. Allocates: the message, where it is made of parts.

internal import PorticoIR

extension GatewayResponseType {
    private static let positions = Dictionary(
        uniqueKeysWithValues: allCases.enumerated().map { ($1, $0) })

    /// Position in `allCases`, which is the order of a stage's gateway responses.
    var position: Int { GatewayResponseType.positions[self] ?? 0 }
}

/// An answer that the gateway makes itself: which type of gateway response, and what to put into it.
struct GatewayFault {
    /// Which gateway response shapes the answer.
    var type: GatewayResponseType
    /// Status of the answer unless the gateway response has its own; 0 takes the type's.
    var status: Int = 0
    /// `$context.error.message`; `nil` takes the type's.
    var message: String?
    /// `x-amzn-ErrorType`; `nil` takes the type's.
    var errorType: String?
    /// `$context.error.validationErrorString`
    var validationError: String?
    /// Whether the built-in body has a blank after its colon, as API Gateway's own has for some causes.
    /// Source: reference 5.2 and 6, recorded bodies.
    var isSpaced = false
    /// `Retry-After`, in seconds; 0 for none.
    var retryAfterSeconds = 0
    /// Further lines of the head, each with its end.
    var headers: StaticString?
    /// `www-authenticate` of an answer of an HTTP API.
    var challenge: String?
    /// What the execution log says; never sent to the client.
    var log: String
    /// What Portico's own log says instead: cause and fix; `nil` says ``log``.
    var cause: String?

    init(
        _ type: GatewayResponseType, status: Int = 0, message: String? = nil, errorType: String? = nil,
        validationError: String? = nil, log: String
    ) {
        self.type = type
        self.status = status
        self.message = message
        self.errorType = errorType
        self.validationError = validationError
        self.log = log
    }

    /// 500 `Internal server error`, for what is wrong in the API itself.
    static func configuration(_ log: String) -> GatewayFault {
        GatewayFault(.apiConfigurationError, log: "Execution failed due to configuration error: " + log)
    }

    /// 404 of an HTTP API: neither stage nor route.
    static func notFound(_ log: String) -> GatewayFault { GatewayFault(.resourceNotFound, status: 404, log: log) }

    /// 500 of no type of its own: falls under DEFAULT_5XX.
    static func internalError(_ log: String) -> GatewayFault {
        GatewayFault(.default5XX, status: 500, log: log)
    }
}
