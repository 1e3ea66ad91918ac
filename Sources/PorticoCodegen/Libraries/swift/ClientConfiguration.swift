public import Foundation

extension PorticoSDK {
    /// Where the API is.
    public struct Endpoint: Sendable, Hashable {
        /// The address without slash at its end.
        public let baseURL: String
        /// Region that the address tells.
        let region: String?

        /// An address such as `https://api.example.com/v1`; `ws` and `wss` are taken for `http` and `https`.
        public static func url(_ url: String) -> Self {
            // Observed: `{api id}.execute-api.{region}.amazonaws.com`.
            let labels = URLParts(url).host.split(separator: ".")
            let region = labels.count > 3 && labels[1] == "execute-api" ? String(labels[2]) : nil
            return Self(url, region)
        }

        /// The address that API Gateway gives an API. The stage `$default` has no part in it.
        public static func api(id: String, region: String, stage: String) -> Self {
            let domain = region.hasPrefix("cn-") ? "amazonaws.com.cn" : "amazonaws.com"
            let path = stage == "$default" ? "" : "/\(percentEncoded(stage))"
            return Self("https://\(id).execute-api.\(region).\(domain)\(path)", region)
        }

        /// A domain name of one's own, with the path that leads to the API.
        public static func domain(_ name: String, basePath: String = "") -> Self {
            let path = percentEncoded(basePath, keeping: "/").split(separator: "/").map { "/" + $0 }
            return Self("https://\(name)\(path.joined())", nil)
        }

        private init(_ url: String, _ region: String?) {
            var url = Substring(url)
            while url.hasSuffix("/") { url = url.dropLast() }
            // The handshake of a WebSocket is a request of HTTP.
            let isSocket = ["ws://", "wss://"].contains { url.prefix($0.count).lowercased() == $0 }
            baseURL = isSocket ? "http" + url.dropFirst(2) : String(url)
            self.region = region
        }
    }

    /// A value that is fixed or fetched for each attempt.
    public struct ValueSource<Value: Sendable>: Sendable {
        /// Gives the value.
        let fetch: @Sendable () async throws -> Value

        /// Always the same value.
        public static func fixed(_ value: Value) -> Self { Self { value } }

        /// What the closure gives, asked for each attempt; it should keep what stays valid.
        public static func provider(_ fetch: @escaping @Sendable () async throws -> Value) -> Self {
            Self(fetch: fetch)
        }
    }

    /// User and password.
    public struct BasicLogin: Sendable, Hashable {
        /// The user.
        public var user: String
        /// The password.
        public var password: String

        /// Makes a login.
        public init(user: String, password: String) {
            self.user = user
            self.password = password
        }
    }

    /// A request that is about to be sent for the nth time.
    public struct RequestAttempt: Sendable {
        /// 1 for the first.
        public let number: Int
        /// The method.
        public let method: HTTPMethod
        /// The address.
        public let url: String
        /// The headers, which may be changed.
        public var headers: HTTPHeaders
    }

    /// How an attempt ended.
    public struct AttemptOutcome: Sendable {
        /// The request.
        public let attempt: RequestAttempt
        /// The status of the answer; `nil` if none came.
        public internal(set) var status: Int?
        /// Why none came.
        public internal(set) var error: (any Swift.Error)?
        /// Time between sending and the end of the answer, or of its head if the body is streamed.
        public let duration: Duration
    }

    /// Everything that a client can be told.
    public struct ClientConfiguration: Sendable {
        /// Where the API is.
        public var endpoint: Endpoint
        /// The key for operations that need one, sent as `x-api-key`.
        public var apiKey: String?
        /// The token for operations that need one.
        public var token: ValueSource<String>?
        /// User and password for operations that need them.
        public var basic: BasicLogin?
        /// Other keys by the name of their header or query parameter.
        public var keys: [String: String] = [:]
        /// Credentials for operations that are signed; those of the environment unless given.
        public var credentials: ValueSource<AWSCredentials> = .environment
        /// Region for signatures; that of the endpoint, else `AWS_REGION` or `AWS_DEFAULT_REGION`, unless given.
        public var region: String?
        /// How long an attempt may take.
        public var attemptTimeout: Duration = .seconds(30)
        /// How long a call may take with all its attempts and waits.
        public var deadline: Duration?
        /// How often a call is repeated after its first attempt.
        public var maxRetries = 3
        /// Headers of each call.
        public var headers: HTTPHeaders = [:]
        /// Called before each attempt, and before it is signed.
        public var beforeAttempt: (@Sendable (inout RequestAttempt) async throws -> Void)?
        /// Called after each attempt.
        public var afterAttempt: (@Sendable (AttemptOutcome) async -> Void)?
        /// What sends requests.
        public var transport: any HTTPTransport
        /// Waits between attempts.
        public var sleep: @Sendable (Duration) async throws -> Void = { try await _Concurrency.Task.sleep(for: $0) }
        /// A random number of 0 to 1 for waits between attempts.
        public var random: @Sendable () -> Double = { Double.random(in: 0...1) }

        /// The time, for signatures and dates of `Retry-After`.
        public var now: @Sendable () -> Date = { Date() }

        /// Makes a configuration with defaults for all but the endpoint.
        public init(endpoint: Endpoint = .url(APIMetadata.defaultBaseURL), transport: (any HTTPTransport)? = nil) {
            self.endpoint = endpoint
            self.transport = transport ?? URLSessionTransport()
        }
    }

    /// What a single call may be told.
    public struct CallOptions: Sendable {
        /// Headers, which replace those of the client.
        public var headers: HTTPHeaders = [:]
        /// Media type of the body instead of the declared one.
        public var contentType: String?
        /// Makes a call that is not idempotent safe to repeat: the server sees the same key in each attempt.
        public var idempotencyKey: String?
        /// How long an attempt may take, instead of the client's setting.
        public var attemptTimeout: Duration?
        /// How long the call may take, instead of the client's setting.
        public var deadline: Duration?
        /// How often the call is repeated, instead of the client's setting.
        public var maxRetries: Int?

        /// Makes options that change nothing unless told.
        public init(
            headers: HTTPHeaders = [:], contentType: String? = nil, idempotencyKey: String? = nil,
            attemptTimeout: Duration? = nil, deadline: Duration? = nil, maxRetries: Int? = nil
        ) {
            self.headers = headers
            self.contentType = contentType
            self.idempotencyKey = idempotencyKey
            self.attemptTimeout = attemptTimeout
            self.deadline = deadline
            self.maxRetries = maxRetries
        }
    }
}
