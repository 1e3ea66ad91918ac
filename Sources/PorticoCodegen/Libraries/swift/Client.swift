import Foundation

extension PorticoSDK {
    /// A client of the API. It is made once and may be used by many tasks at a time.
    public struct Client: Sendable {
        /// What it was told.
        public let configuration: Configuration

        /// Makes a client that calls an endpoint.
        /// - Parameters:
        ///   - endpoint: Where the API is.
        ///   - configure: Changes other settings.
        public init(
            endpoint: Endpoint = .url(Metadata.defaultBaseURL),
            configure: (inout Configuration) throws -> Void = { _ in }
        ) rethrows {
            var configuration = Configuration(endpoint: endpoint)
            try configure(&configuration)
            self.configuration = configuration
        }

        /// Makes a client with a configuration.
        public init(configuration: Configuration) { self.configuration = configuration }

        /// Makes a call whose answer has nothing to read.
        func send(_ call: Call, _ options: CallOptions) async throws -> Response<Void> {
            let answer = try await CallRun(call, options, configuration, accept: "application/json").collected()
            return Response((), answer)
        }

        /// Makes a call that answers with JSON.
        func send<Value>(_ call: Call, _ options: CallOptions, _ codec: Codec<Value>) async throws -> Response<Value> {
            let answer = try await CallRun(call, options, configuration, accept: "application/json").collected()
            do {
                // A success without body stands for null where null is a value.
                let isEmpty = answer.body.isEmpty && codec.takesNull
                return Response(try codec.decode(isEmpty ? .null : JSON(parsing: answer.body)), answer)
            } catch {
                throw ResponseDecodingError(mismatch: error, response: answer)
            }
        }

        /// Makes a call that answers with text.
        func sendForText(_ call: Call, _ options: CallOptions) async throws -> Response<String> {
            let answer = try await CallRun(call, options, configuration, accept: "*/*").collected()
            return Response(String(decoding: answer.body, as: UTF8.self), answer)
        }

        /// Makes a call that answers with bytes.
        func sendForData(_ call: Call, _ options: CallOptions) async throws -> Response<Data> {
            let answer = try await CallRun(call, options, configuration, accept: "*/*").collected()
            return Response(answer.body, answer)
        }

        /// Makes a call that answers with bytes, and gives them as they come.
        func sendForStream(_ call: Call, _ options: CallOptions) async throws -> Response<ByteStream> {
            let answer = try await CallRun(call, options, configuration, accept: "*/*").streamed()
            return Response(answer.stream ?? ByteStream(Data()), answer.response)
        }
    }
}
