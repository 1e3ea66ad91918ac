import Foundation

extension PorticoSDK {
    /// A call under way: its attempts, the waits between them, and what comes of the last answer.
    struct CallRun {
        private var call: PreparedCall
        private let options: CallOptions
        private let configuration: ClientConfiguration
        /// `nil` for the handshake of a connection.
        private let accept: String?
        private let maxRetries: Int
        private let deadline: ContinuousClock.Instant?

        init(_ call: PreparedCall, _ options: CallOptions, _ configuration: ClientConfiguration, accept: String?) {
            self.call = call
            self.options = options
            self.configuration = configuration
            self.accept = accept
            maxRetries = max(0, options.maxRetries ?? configuration.maxRetries)
            deadline = (options.deadline ?? configuration.deadline).map { ContinuousClock.now + $0 }
        }

        /// An answer whose body may still have to be read.
        struct Answer: Sendable {
            var response: RawResponse
            var stream: ByteStream?
        }

        /// Makes the call and reads the body of its answer.
        func collected() async throws -> RawResponse {
            var run = self
            return try await run.run(isStreamed: false).response
        }

        /// Makes the call and leaves the body of a success to be read.
        func streamed() async throws -> Answer {
            var run = self
            return try await run.run(isStreamed: true)
        }

        /// The request that opens a connection, without what WebSocket adds to it.
        func handshake() async throws -> RequestAttempt {
            if let problem = call.problem { throw problem }
            var run = self
            return try await run.prepare(1).attempt
        }

        private mutating func run(isStreamed: Bool) async throws -> Answer {
            if let problem = call.problem { throw problem }
            var number = 1
            while true {
                let outcome: Swift.Result<Answer, any Swift.Error>
                do {
                    outcome = .success(try await attempt(number, isStreamed: isStreamed))
                } catch {
                    // A cancelled task sees only that, whatever it made of the connection.
                    try _Concurrency.Task.checkCancellation()
                    outcome = .failure(error)
                }
                if case .success(let answer) = outcome, (200..<300).contains(answer.response.status) { return answer }
                guard let wait = wait(after: number, outcome) else {
                    throw responseError(for: try outcome.get().response)
                }
                try await configuration.sleep(wait)
                number += 1
            }
        }

        /// The error that a status which is not 2xx stands for.
        func responseError(for response: RawResponse) -> any ResponseError {
            if response.headers["x-amzn-errortype"] != nil { return GatewayError(response: response) }
            guard let type = call.errors[response.status] ?? call.defaultError else {
                return UnexpectedStatusError(response: response)
            }
            let json = try? JSON(parsing: response.body)
            return (try? type.init(response: response, json: json)) ?? UnexpectedStatusError(response: response)
        }
    }
}

// When and after which wait a call is repeated.
extension PorticoSDK.CallRun {
    /// A server may ask for a longer wait than this only in vain.
    private static let longestRetryAfter = Duration.seconds(60)
    private static let longestBackoffMilliseconds = 20_000.0
    private static let firstBackoffMilliseconds = 100.0

    /// The wait before the next attempt; `nil` if the outcome is final.
    private func wait(after number: Int, _ outcome: Swift.Result<Answer, any Swift.Error>) -> Duration? {
        guard number <= maxRetries, call.body?.isRepeatable ?? true else { return nil }
        let isSafe = call.method.isIdempotent || options.idempotencyKey != nil
        var told: Duration?
        switch outcome {
        case .success(let answer):
            guard answer.response.status == 429 || isSafe && [500, 502, 503, 504].contains(answer.response.status)
            else { return nil }
            told = answer.response.headers["retry-after"].flatMap(retryAfter)
        case .failure(let error as PorticoSDK.TransportError):
            guard isSafe, error.isTransient else { return nil }
        case .failure(let error):
            guard isSafe, error is PorticoSDK.TimeoutError else { return nil }
        }
        if let told, told > Self.longestRetryAfter { return nil }
        let wait = told ?? backoff(number)
        if let deadline, ContinuousClock.now + wait >= deadline { return nil }
        return wait
    }

    /// Full jitter: a random part of a time that doubles with each attempt.
    private func backoff(_ number: Int) -> Duration {
        var limit = Self.firstBackoffMilliseconds
        for _ in 1..<number where limit < Self.longestBackoffMilliseconds { limit *= 2 }
        let milliseconds = min(limit, Self.longestBackoffMilliseconds) * configuration.random()
        return .microseconds(Int64(milliseconds * 1000))
    }

    /// Seconds or a date. Source: RFC 9110, section 10.2.3.
    private func retryAfter(_ text: String) -> Duration? {
        if let seconds = Int64(text) { return seconds >= 0 ? .seconds(min(seconds, 1 << 31)) : nil }
        guard let date = PorticoSDK.RFC3339.parseHTTP(text) else { return nil }
        return .seconds(max(0, min(date.timeIntervalSince(configuration.now()), Double(1 << 31))))
    }
}

// A single attempt.
extension PorticoSDK.CallRun {
    private mutating func attempt(_ number: Int, isStreamed: Bool) async throws -> Answer {
        let attemptTimeout = options.attemptTimeout ?? configuration.attemptTimeout
        let limit = deadline.map { min(attemptTimeout, $0 - .now) } ?? attemptTimeout
        guard limit > .zero else {
            throw PorticoSDK.TimeoutError(limit: options.deadline ?? configuration.deadline ?? limit)
        }
        let (attempt, body) = try await prepare(number)
        let request = try PorticoSDK.HTTPTransportRequest(
            method: attempt.method, url: attempt.url, headers: attempt.headers, body: body)
        let transport = configuration.transport
        let start = ContinuousClock.now
        let outcome: Swift.Result<Answer, any Swift.Error>
        do {
            let answer = try await PorticoSDK.limited(to: limit) {
                try await Self.send(request, by: transport, isStreamed: isStreamed, limit: limit)
            }
            outcome = .success(answer)
        } catch {
            outcome = .failure(error)
        }
        if let afterAttempt = configuration.afterAttempt {
            var result = PorticoSDK.AttemptOutcome(
                attempt: attempt, status: nil, error: nil, duration: ContinuousClock.now - start)
            switch outcome {
            case .success(let answer): result.status = answer.response.status
            case .failure(let error): result.error = error
            }
            await afterAttempt(result)
        }
        return try outcome.get()
    }

    /// Sends a request. The body of an error is read in any case: it says what is wrong.
    private static func send(
        _ request: PorticoSDK.HTTPTransportRequest, by transport: any PorticoSDK.HTTPTransport, isStreamed: Bool,
        limit: Duration
    ) async throws -> Answer {
        do {
            let head = try await transport.send(request)
            let isLeft = isStreamed && (200..<300).contains(head.status)
            let body = isLeft ? Data() : try await head.body.collected()
            return Answer(
                response: PorticoSDK.RawResponse(status: head.status, headers: head.headers, body: body),
                stream: isLeft ? head.body.limited(to: limit) : nil)
        } catch let error as any PorticoSDK.ClientError {
            throw error
        } catch let error as CancellationError {
            throw error
        } catch {
            throw PorticoSDK.TransportError(cause: error)
        }
    }

    /// Everything that a request carries, checked and signed.
    private mutating func prepare(
        _ number: Int
    ) async throws -> (attempt: PorticoSDK.RequestAttempt, body: PorticoSDK.BinaryBody?) {
        var headers: PorticoSDK.HTTPHeaders = ["User-Agent": PorticoSDK.APIMetadata.userAgent]
        if let accept { headers["Accept"] = accept }
        if let contentType = options.contentType ?? call.contentType, call.body != nil {
            headers["Content-Type"] = contentType
        }
        headers.merge(call.headers)
        headers.merge(configuration.headers)
        headers.merge(options.headers)
        if let key = options.idempotencyKey { headers["Idempotency-Key"] = key }
        if accept != nil { headers["amz-sdk-request"] = "attempt=\(number); max=\(maxRetries + 1)" }
        var query = call.query
        try await authorize(&headers, &query)
        let url = configuration.endpoint.baseURL + call.path + (query.isEmpty ? "" : "?" + query.joined(separator: "&"))
        var attempt = PorticoSDK.RequestAttempt(number: number, method: call.method, url: url, headers: headers)
        try await configuration.beforeAttempt?(&attempt)
        try Self.check(attempt.headers)
        if case .sigV4 = call.identity { try await sign(&attempt) }
        return (attempt, call.body)
    }

    /// Line breaks would let a value add headers, or a whole request.
    private static func check(_ headers: PorticoSDK.HTTPHeaders) throws {
        for field in headers {
            guard PorticoSDK.HTTPMethod.isToken(field.name) else {
                throw PorticoSDK.InvalidArgumentError(field.name, "is no name of a header")
            }
            guard field.value.utf8.allSatisfy({ $0 != 0x0A && $0 != 0x0D && $0 != 0 }) else {
                throw PorticoSDK.InvalidArgumentError(field.name, "a header cannot have line breaks")
            }
        }
    }

    /// Adds what says who is calling, but for signatures.
    private func authorize(_ headers: inout PorticoSDK.HTTPHeaders, _ query: inout [String]) async throws {
        if call.needsAPIKey {
            guard let key = configuration.apiKey else {
                throw PorticoSDK.MissingOptionError("apiKey", "the operation needs an API key")
            }
            headers["x-api-key"] = key
        }
        switch call.identity {
        case .none, .sigV4: break
        case .bearer: headers["Authorization"] = "Bearer \(try await token())"
        case .token(let name): headers[name] = try await token()
        case .basic:
            guard let login = configuration.basic else {
                throw PorticoSDK.MissingOptionError("basic", "the operation needs a user and a password")
            }
            let text = Data("\(login.user):\(login.password)".utf8).base64EncodedString()
            headers["Authorization"] = "Basic \(text)"
        case .key(let name, let inQuery):
            guard let key = configuration.keys[name] else {
                throw PorticoSDK.MissingOptionError("keys", "the operation needs the key '\(name)'")
            }
            if inQuery {
                query.append("\(PorticoSDK.percentEncoded(name))=\(PorticoSDK.percentEncoded(key))")
            } else {
                headers[name] = key
            }
        }
    }

    private func token() async throws -> String {
        guard let source = configuration.token else {
            throw PorticoSDK.MissingOptionError("token", "the operation needs a token")
        }
        return try await source.fetch()
    }

    private mutating func sign(_ attempt: inout PorticoSDK.RequestAttempt) async throws {
        let credentials = try await configuration.credentials.fetch()
        let environment = ProcessInfo.processInfo.environment
        guard
            let region = configuration.region ?? configuration.endpoint.region ?? environment["AWS_REGION"]
                ?? environment["AWS_DEFAULT_REGION"]
        else { throw PorticoSDK.MissingOptionError("region", "the operation is signed for a region") }
        let bytes = try await call.body?.collected() ?? Data()
        // A stream is in memory now, and can be sent again.
        if call.body != nil { call.body = PorticoSDK.BinaryBody(bytes) }
        attempt.headers.merge(
            PorticoSDK.Signer.headers(
                method: attempt.method.rawValue, url: attempt.url, headers: attempt.headers, body: bytes,
                credentials: credentials, region: region, date: configuration.now()))
    }
}

extension PorticoSDK.ValueSource where Value == PorticoSDK.AWSCredentials {
    /// `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY` and `AWS_SESSION_TOKEN`, read for each attempt.
    public static var environment: Self {
        .provider {
            let environment = ProcessInfo.processInfo.environment
            guard let key = environment["AWS_ACCESS_KEY_ID"], let secret = environment["AWS_SECRET_ACCESS_KEY"] else {
                throw PorticoSDK.MissingOptionError("credentials", "the operation is signed")
            }
            let token = environment["AWS_SESSION_TOKEN"].flatMap { $0.isEmpty ? nil : $0 }
            return PorticoSDK.AWSCredentials(accessKeyID: key, secretAccessKey: secret, sessionToken: token)
        }
    }
}
