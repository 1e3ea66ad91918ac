import Foundation

extension PorticoSDK {
    /// What is known of the connections of an API.
    struct SocketKind<Incoming: Sendable>: Sendable {
        /// Names on the way to the member of a message that holds its route's key.
        let selection: [String]
        /// Reads what comes.
        let codec: Codec<Incoming>
        /// What is none of the known types.
        let unknown: @Sendable (JSON) -> Incoming
    }

    /// A connection: opened, read, written, closed and opened again.
    actor SocketConnection<Incoming: Sendable> {
        private let call: PreparedCall
        private let options: MessageSocket<Incoming>.Options
        private let configuration: ClientConfiguration
        private let kind: SocketKind<Incoming>

        private var wire: (any SocketWire)?
        private var decoder = SocketDecoder(limit: 0)
        private var isReceiving = false
        /// When the wait for the server's close frame is over.
        private var closing: ContinuousClock.Instant?
        private var closed = ConnectionClosedError(code: 1000, reason: "")
        /// Why nothing comes any more.
        private var ending: (any Swift.Error)?
        private var heard = ContinuousClock.now
        private var pinged: ContinuousClock.Instant?
        /// What the server selected.
        private(set) var subprotocol: String?

        init(
            _ call: PreparedCall, _ options: MessageSocket<Incoming>.Options, _ configuration: ClientConfiguration,
            _ kind: SocketKind<Incoming>
        ) {
            self.call = call
            self.options = options
            self.configuration = configuration
            self.kind = kind
        }

        deinit { wire?.close() }

        /// Whether the connection ended as it should.
        var isOver: Bool { (ending as? ConnectionClosedError).map { closing != nil || $0.code == 1000 } ?? false }

        // MARK: Opening

        /// Opens the connection.
        func open() async throws {
            let limit = options.timeout ?? configuration.attemptTimeout
            let run = CallRun(call, CallOptions(headers: options.headers), configuration, accept: nil)
            let attempt = try await run.handshake()
            guard let address = URL(string: attempt.url), let host = address.host, !host.isEmpty else {
                throw InvalidArgumentError("endpoint", "'\(attempt.url)' is no address of WebSocket")
            }
            let isSecure = address.scheme?.lowercased() == "https"
            let handshake = SocketHandshake(attempt: attempt, subprotocols: options.subprotocols)
            let transport = options.transport
            let opened: (wire: any SocketWire, outcome: SocketHandshake.Outcome)
            do {
                opened = try await limited(to: limit) {
                    let wire = try await transport.open(
                        host: host, port: address.port ?? (isSecure ? 443 : 80), isSecure: isSecure, limit: limit)
                    do { return (wire, try await handshake.run(wire)) } catch {
                        wire.close()
                        throw error
                    }
                }
            } catch let refusal as SocketHandshake.Refusal {
                throw run.responseError(for: refusal.response)
            } catch let error as any ClientError {
                throw error
            } catch let error as CancellationError {
                throw error
            } catch {
                throw TransportError(cause: error)
            }
            decoder = SocketDecoder(limit: options.maxMessageBytes)
            decoder.feed(opened.outcome.rest)
            subprotocol = opened.outcome.subprotocol
            (heard, pinged) = (.now, nil)
            wire = opened.wire
        }

        /// Opens the connection again, or says why not.
        private func reopen() async throws {
            var failure: any Swift.Error = ConnectionClosedError(code: 1006, reason: "")
            var limit = 100.0
            for _ in 0..<max(0, options.maxReconnects) {
                let milliseconds = min(limit, 20_000) * configuration.random()
                limit = min(limit * 2, 20_000)
                try await configuration.sleep(.microseconds(Int64(milliseconds * 1000)))
                if closing != nil {
                    ending = closed
                    return
                }
                do {
                    try await open()
                } catch {
                    try _Concurrency.Task.checkCancellation()
                    failure = error
                    if Self.isFinal(error) { break }
                    continue
                }
                try await options.onReconnect?(MessageSocket(self))
                return
            }
            ending = failure
        }

        private static func isFinal(_ error: any Swift.Error) -> Bool {
            if let error = error as? any ResponseError { return 400..<500 ~= error.status && error.status != 429 }
            return error is InvalidArgumentError || error is MissingOptionError
        }

        // MARK: Receiving

        /// The next message.
        func receive(within limit: Duration?) async throws -> MessageSocket<Incoming>.Message {
            guard !isReceiving else {
                throw InvalidArgumentError("receive", "another task receives from this connection")
            }
            isReceiving = true
            defer { isReceiving = false }
            let end = limit.map { ContinuousClock.now + $0 }
            while true {
                try _Concurrency.Task.checkCancellation()
                if let ending { throw ending }
                guard let wire else {
                    try await reopen()
                    continue
                }
                let event: SocketEvent?
                do {
                    event = try decoder.next()
                } catch {
                    if let payload = try? SocketFrames.closePayload(error.code, "") {
                        await control(.close, payload, wire)
                    }
                    lose(error.code, "")
                    continue
                }
                guard let event else {
                    try await read(wire, end, limit ?? .zero)
                    continue
                }
                if !event.opcode.isControl { return message(event) }
                await answer(event, wire)
            }
        }

        private func read(_ wire: any SocketWire, _ end: ContinuousClock.Instant?, _ limit: Duration) async throws {
            let now = ContinuousClock.now
            if let closing, now >= closing { return lose(1006, "") }
            if let end, now >= end { throw TimeoutError(limit: limit) }
            var until = [end, closing].compactMap { $0 }.min()
            if let interval = options.pingInterval {
                let due = (pinged ?? heard) + interval
                if now >= due {
                    if pinged != nil { return lose(1006, "") }
                    pinged = now
                    return await control(.ping, Data(), wire)
                }
                until = min(until ?? due, due)
            }
            do {
                guard let data = try await wire.read(until: until) else { return lose(1006, "") }
                guard !data.isEmpty else { return }
                (heard, pinged) = (.now, nil)
                decoder.feed(data)
            } catch let error as CancellationError {
                throw error
            } catch {
                lose(1006, "")
            }
        }

        private func answer(_ event: SocketEvent, _ wire: any SocketWire) async {
            switch event.opcode {
            case .ping: await control(.pong, event.data, wire)
            case .close:
                if closing == nil { await control(.close, event.data.prefix(2), wire) }
                lose(event.code, event.text)
            default: break
            }
        }

        /// Writes a control frame; that the connection is lost is seen when it is read.
        private func control(_ opcode: SocketOpcode, _ data: Data, _ wire: any SocketWire) async {
            try? await wire.write(SocketFrames.encode(opcode, data))
        }

        private func lose(_ code: Int, _ reason: String) {
            wire?.close()
            wire = nil
            if closing != nil {
                ending = closed
            } else if !options.reconnects || ![1001, 1005, 1006, 1011, 1012, 1013, 1014].contains(code) {
                ending = ConnectionClosedError(code: code, reason: reason)
            }
        }

        private func message(_ event: SocketEvent) -> MessageSocket<Incoming>.Message {
            guard event.opcode == .text else { return .init(value: nil, text: nil, data: event.data) }
            guard let json = try? JSON(parsing: event.data) else {
                return .init(value: kind.unknown(.string(event.text)), text: event.text, data: nil)
            }
            let value = (try? kind.codec.decode(json)) ?? kind.unknown(json)
            return .init(value: value, text: event.text, data: nil)
        }

        // MARK: Sending

        /// Sends a message.
        func send(_ opcode: SocketOpcode, _ data: Data) async throws {
            guard let wire, closing == nil else {
                let isLost = ending == nil && closing == nil
                throw TransportError(
                    cause: SocketFailure(
                        isLost ? "the connection is lost; receiving opens it again" : "the connection is closed"),
                    isTransient: isLost)
            }
            do {
                try await wire.write(SocketFrames.encode(opcode, data))
            } catch {
                throw TransportError(cause: error)
            }
        }

        /// Sends JSON to a route.
        func send(_ json: JSON, to key: String?) async throws {
            var json = json
            if let key, !kind.selection.isEmpty { try Self.set(key, at: kind.selection[...], in: &json) }
            let text: Data
            do { text = Data(try json.serialized()) } catch {
                throw InvalidArgumentError("message", error.description)
            }
            try await send(.text, text)
        }

        private static func set(_ key: String, at path: ArraySlice<String>, in json: inout JSON) throws {
            guard let name = path.first else {
                json = .string(key)
                return
            }
            guard case .object(var members) = json else {
                throw InvalidArgumentError("message", "a message to a route is a JSON object")
            }
            var member = members[name] ?? .object([:])
            try set(key, at: path.dropFirst(), in: &member)
            members[name] = member
            json = .object(members)
        }

        // MARK: Closing

        /// Closes the connection, and waits for the server to do so for a short time.
        func close(_ code: Int, _ reason: String) async throws {
            let payload = try SocketFrames.closePayload(code, reason)
            guard ending == nil, closing == nil else { return }
            closed = ConnectionClosedError(code: code, reason: reason)
            closing = .now + .seconds(5)
            guard let wire else {
                if !isReceiving { ending = closed }
                return
            }
            await control(.close, payload, wire)
            // Whoever receives waits for the end anyway.
            wire.interrupt()
            while !isReceiving, ending == nil {
                do { _ = try await receive(within: nil) } catch is CancellationError {
                    return lose(1006, "")
                } catch {}
            }
        }
    }
}
