public import Foundation

extension PorticoSDK {
    /// Every error of this client but `CancellationError`, which a cancelled task throws.
    public protocol ClientError: Swift.Error, CustomStringConvertible {}

    /// The client lacks an option that the operation needs. Nothing was sent.
    public struct MissingOptionError: ClientError {
        /// Name of the option in ``ClientConfiguration``.
        public let option: String
        /// What to do.
        public let description: String

        init(_ option: String, _ reason: String) {
            self.option = option
            description = "\(reason): set '\(option)' of the client's configuration"
        }
    }

    /// An argument that cannot be sent. Nothing was sent.
    public struct InvalidArgumentError: ClientError {
        /// Name of the argument.
        public let argument: String
        /// What is wrong.
        public let description: String

        init(_ argument: String, _ reason: String) {
            self.argument = argument
            description = "\(argument): \(reason)"
        }
    }

    /// No answer came: the connection failed or broke.
    public struct TransportError: ClientError {
        /// What the transport says.
        public let cause: any Swift.Error
        /// Whether a repetition may help.
        public let isTransient: Bool

        /// Wraps the error of a transport.
        public init(cause: any Swift.Error, isTransient: Bool = true) {
            self.cause = cause
            self.isTransient = isTransient
        }

        /// What the transport says.
        public var description: String { "the request failed: \(cause.localizedDescription)" }
    }

    /// An attempt, or the whole call, took too long.
    public struct TimeoutError: ClientError {
        /// How long was waited.
        public let limit: Duration
        /// What happened.
        public var description: String { "no answer within \(limit)" }
    }

    /// The answer was a success, but its body is not what the API declares.
    public struct ResponseDecodingError: ClientError {
        /// What is wrong, with the place in the JSON.
        public let mismatch: JSONMismatch
        /// The answer.
        public let response: RawResponse
        /// What is wrong, with the place in the JSON.
        public var description: String { "the answer \(response.status) is not as declared: \(mismatch)" }
    }

    /// Paging would go round in circles: the same token came twice in a row.
    public struct RepeatedTokenError: ClientError {
        /// The token.
        public let token: String
        /// What happened.
        public var description: String { "the token '\(token)' came twice in a row" }
    }

    /// An answer with a status that is not 2xx.
    public protocol ResponseError: ClientError {
        /// The answer.
        var response: RawResponse { get }
    }

    /// A response error that an operation declares.
    protocol DeclaredError: ResponseError {
        /// Reads the body.
        init(response: RawResponse, json: JSON?) throws(JSONMismatch)
    }

    /// An answer whose status the operation does not declare, or whose body is not as declared.
    public struct UnexpectedStatusError: ResponseError {
        /// The answer.
        public let response: RawResponse
    }

    /// An answer that the gateway made itself: the request did not reach the API's backend.
    public struct GatewayError: ResponseError {
        /// The answer.
        public let response: RawResponse
    }

    /// An answer with all its bytes.
    public struct RawResponse: Sendable {
        /// The status.
        public let status: Int
        /// The headers.
        public let headers: HTTPHeaders
        /// The body.
        public let body: Data

        /// The id that the gateway gave the request.
        public var requestID: String? { headers["x-amzn-requestid"] ?? headers["apigw-requestid"] }
    }

    /// What a call gave.
    public struct APIResponse<Value: Sendable>: Sendable {
        /// The decoded body.
        public let value: Value
        /// The status.
        public let status: Int
        /// The headers.
        public let headers: HTTPHeaders
        /// The bytes of the body; empty if it is streamed.
        public let body: Data

        init(_ value: Value, _ response: RawResponse) {
            self.value = value
            status = response.status
            headers = response.headers
            body = response.body
        }

        /// The id that the gateway gave the request.
        public var requestID: String? { headers["x-amzn-requestid"] ?? headers["apigw-requestid"] }
    }
}

extension PorticoSDK.ResponseError {
    /// The status.
    public var status: Int { response.status }
    /// The headers.
    public var headers: PorticoSDK.HTTPHeaders { response.headers }
    /// The bytes of the body.
    public var data: Data { response.body }
    /// The id that the gateway gave the request.
    public var requestID: String? { response.requestID }

    /// The type that the server gives the error: `x-amzn-errortype` up to the first colon.
    public var errorType: String? {
        headers["x-amzn-errortype"].map { String($0.prefix { $0 != ":" }) }
    }

    /// `message` or `Message` of a JSON body.
    public var message: String? {
        guard let json = try? PorticoSDK.JSON(parsing: data) else { return nil }
        return json["message"]?.text ?? json["Message"]?.text
    }

    /// Status, type, message and request id.
    public var description: String {
        var text = "status \(status)"
        if let errorType { text += " \(errorType)" }
        if let message { text += ": \(message)" }
        if let requestID { text += " (request \(requestID))" }
        return text
    }
}
