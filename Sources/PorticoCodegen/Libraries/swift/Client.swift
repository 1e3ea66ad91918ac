import Foundation

extension PorticoSDK {
    /// A client of the API. It is made once and may be used by many tasks at a time.
    public struct Client: Sendable {
        /// What it was told.
        public let configuration: ClientConfiguration

        /// Makes a client that calls an endpoint.
        /// - Parameters:
        ///   - endpoint: Where the API is.
        ///   - configure: Changes other settings.
        public init(
            endpoint: Endpoint = .url(APIMetadata.defaultBaseURL),
            configure: (inout ClientConfiguration) -> Void = { _ in }
        ) {
            var configuration = ClientConfiguration(endpoint: endpoint)
            configure(&configuration)
            self.configuration = configuration
        }

        /// Makes a client with a configuration.
        public init(configuration: ClientConfiguration) { self.configuration = configuration }

        /// Makes a call whose answer has nothing to read.
        func send(_ call: PreparedCall, _ options: CallOptions) async throws -> APIResponse<Void> {
            let answer = try await CallRun(call, options, configuration, accept: "application/json").collected()
            return APIResponse((), answer)
        }

        /// Makes a call that answers with JSON.
        func send<Value>(_ call: PreparedCall, _ options: CallOptions, _ codec: Codec<Value>) async throws
            -> APIResponse<Value>
        {
            let answer = try await CallRun(call, options, configuration, accept: "application/json").collected()
            do {
                // A success without body stands for null where null is a value.
                let isEmpty = answer.body.isEmpty && codec.takesNull
                return APIResponse(try codec.decode(isEmpty ? .null : JSON(parsing: answer.body)), answer)
            } catch {
                throw ResponseDecodingError(mismatch: error, response: answer)
            }
        }

        /// Makes a call that answers with text.
        func sendForText(_ call: PreparedCall, _ options: CallOptions) async throws -> APIResponse<String> {
            let answer = try await CallRun(call, options, configuration, accept: "*/*").collected()
            return APIResponse(String(decoding: answer.body, as: UTF8.self), answer)
        }

        /// Makes a call that answers with bytes.
        func sendForData(_ call: PreparedCall, _ options: CallOptions) async throws -> APIResponse<Data> {
            let answer = try await CallRun(call, options, configuration, accept: "*/*").collected()
            return APIResponse(answer.body, answer)
        }

        /// Makes a call that answers with bytes, and gives them as they come.
        func sendForStream(_ call: PreparedCall, _ options: CallOptions) async throws -> APIResponse<ByteStream> {
            let answer = try await CallRun(call, options, configuration, accept: "*/*").streamed()
            return APIResponse(answer.stream ?? ByteStream(Data()), answer.response)
        }
    }
}
