import Foundation

extension PorticoSDK {
    /// How a connection of WebSocket begins.
    struct SocketHandshake: Sendable {
        private static let guid = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
        private static let longestHead = 65_536

        /// What comes of it.
        struct Outcome: Sendable {
            /// Bytes behind the answer.
            var rest: Data
            /// What the server selected.
            var subprotocol: String?
        }

        /// The server refuses.
        struct Refusal: Swift.Error {
            var response: RawResponse
        }

        let attempt: RequestAttempt
        let subprotocols: [String]

        func run(_ wire: any SocketWire) async throws -> Outcome {
            let key = Data((0..<16).map { _ in UInt8.random(in: 0...255) }).base64EncodedString()
            try await wire.write(head(key))
            var data = Data()
            var end: Range<Data.Index>?
            while end == nil {
                data.append(try await Self.more(wire))
                end = data.range(of: Data("\r\n\r\n".utf8))
                if data.count > Self.longestHead { throw SocketFailure("the head of the answer is too long") }
            }
            guard let end else { throw SocketFailure("the answer has no head") }
            let lines = String(decoding: data[..<end.lowerBound], as: UTF8.self)
                .split(separator: "\r\n", omittingEmptySubsequences: false)
            let words = (lines.first ?? "").split(separator: " ", maxSplits: 2)
            guard words.count > 1, words[0].hasPrefix("HTTP/1."), words[1].count == 3, let status = Int(words[1]) else {
                throw SocketFailure("the server does not speak HTTP/1")
            }
            var headers = HTTPHeaders()
            for line in lines.dropFirst() {
                let parts = line.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
                headers.add(Self.trimmed(parts[0]), Self.trimmed(parts.count > 1 ? parts[1] : ""))
            }
            let rest = Data(data[end.upperBound...])
            guard status == 101 else {
                let body = await Self.body(wire, headers, rest)
                throw Refusal(response: RawResponse(status: status, headers: headers, body: body))
            }
            return Outcome(rest: rest, subprotocol: try check(headers, key))
        }

        private static func trimmed(_ text: Substring) -> String {
            var text = text
            while let last = text.last, last == " " || last == "\t" { text.removeLast() }
            return String(text.drop { $0 == " " || $0 == "\t" })
        }

        private func head(_ key: String) -> Data {
            let address = URLParts(attempt.url)
            var headers = attempt.headers
            headers.merge([
                "Host": address.host, "Upgrade": "websocket", "Connection": "Upgrade", "Sec-WebSocket-Version": "13",
                "Sec-WebSocket-Key": key,
            ])
            if !subprotocols.isEmpty { headers["Sec-WebSocket-Protocol"] = subprotocols.joined(separator: ", ") }
            let target = address.path + (address.query.isEmpty ? "" : "?" + address.query)
            let lines = ["GET \(target) HTTP/1.1"] + headers.map { "\($0.name): \($0.value)" } + ["", ""]
            return Data(lines.joined(separator: "\r\n").utf8)
        }

        private func check(_ headers: HTTPHeaders, _ key: String) throws -> String? {
            let upgrades = (headers["connection"] ?? "").lowercased().split(separator: ",").map { Self.trimmed($0) }
            guard headers["upgrade"]?.lowercased() == "websocket", upgrades.contains("upgrade") else {
                throw SocketFailure("the server did not switch to WebSocket")
            }
            let accept = Data(SocketSHA1.hash(Array((key + Self.guid).utf8))).base64EncodedString()
            guard headers["sec-websocket-accept"] == accept else {
                throw SocketFailure("the server's answer is not for this handshake")
            }
            guard headers["sec-websocket-extensions"] == nil else {
                throw SocketFailure("the server uses an extension that nobody offered")
            }
            let selected = headers["sec-websocket-protocol"]
            guard selected.map(subprotocols.contains) ?? true else {
                throw SocketFailure("the server selected a subprotocol that nobody offered")
            }
            return selected
        }

        private static func more(_ wire: any SocketWire) async throws -> Data {
            guard let data = try await wire.read(until: nil) else {
                throw SocketFailure("the connection ended before the answer")
            }
            return data
        }

        /// The body of an answer that refuses, as far as it comes; no more than an error needs.
        private static func body(_ wire: any SocketWire, _ headers: HTTPHeaders, _ rest: Data) async -> Data {
            let wanted = min(
                headers["content-length"].flatMap { UInt($0) }.map { Int(clamping: $0) } ?? longestHead, longestHead)
            var data = rest
            while data.count < wanted, let more = try? await more(wire) { data.append(more) }
            return data.prefix(wanted)
        }
    }

    /// What the handshake hashes with. Source: FIPS 180-4, section 6.1.
    enum SocketSHA1 {
        static func hash(_ message: [UInt8]) -> [UInt8] {
            var state: [UInt32] = [0x6745_2301, 0xEFCD_AB89, 0x98BA_DCFE, 0x1032_5476, 0xC3D2_E1F0]
            var padded = message + [0x80]
            while padded.count % 64 != 56 { padded.append(0) }
            let bits = UInt64(message.count) * 8
            padded += (0..<8).map { UInt8(truncatingIfNeeded: bits >> (56 - 8 * UInt64($0))) }
            for start in stride(from: 0, to: padded.count, by: 64) { process(padded[start..<(start + 64)], &state) }
            return state.flatMap { word in [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: word >> $0) } }
        }

        private static func process(_ block: ArraySlice<UInt8>, _ state: inout [UInt32]) {
            let bytes = Array(block)
            var words = stride(from: 0, to: 64, by: 4).map { index in
                bytes[index..<(index + 4)].reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
            }
            for index in 16..<80 {
                words.append(
                    rotated(words[index - 3] ^ words[index - 8] ^ words[index - 14] ^ words[index - 16], 1))
            }
            var (a, b, c, d, e) = (state[0], state[1], state[2], state[3], state[4])
            for (index, word) in words.enumerated() {
                let (mix, constant): (UInt32, UInt32) =
                    switch index {
                    case 0..<20: (b & c | ~b & d, 0x5A82_7999)
                    case 20..<40: (b ^ c ^ d, 0x6ED9_EBA1)
                    case 40..<60: (b & c | b & d | c & d, 0x8F1B_BCDC)
                    default: (b ^ c ^ d, 0xCA62_C1D6)
                    }
                let next = rotated(a, 5) &+ mix &+ e &+ constant &+ word
                (e, d, c, b, a) = (d, c, rotated(b, 30), a, next)
            }
            for (index, value) in [a, b, c, d, e].enumerated() { state[index] &+= value }
        }

        private static func rotated(_ word: UInt32, _ count: UInt32) -> UInt32 {
            word << count | word >> (32 - count)
        }
    }
}
