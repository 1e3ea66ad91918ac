internal import NIOCore
internal import PorticoIR
internal import PorticoPrograms

/// Fetches the keys of one issuer: its discovery document first, unless the address of the keys is known.
///
/// Redirects are not followed: keys come from where the issuer says, by https. Belongs to the loop of its pools; ends
/// once, never before ``begin(_:pools:_:)`` has returned.
///
/// *Source:* OpenID Connect Discovery 1.0, 4.
final class KeyFetch: UpstreamStreamReceiver {
    /// Keys and, in milliseconds, how long they may be used by the issuer's word.
    typealias Outcome = Result<(reading: KeySetReader.Reading, ageMilliseconds: Int?), KeySetProblem>

    private enum Step {
        case discovery
        case keys
    }

    private let source: KeySource
    private let pools: UpstreamPools
    private var completion: ((Outcome) -> Void)?
    private var step: Step
    private var address: String
    private var call: UpstreamCall?
    private var body: [UInt8] = []
    private var ageMilliseconds: Int?

    private init(
        _ source: KeySource, pools: UpstreamPools, step: Step, address: String,
        completion: @escaping (Outcome) -> Void
    ) {
        self.source = source
        self.pools = pools
        self.step = step
        self.address = address
        self.completion = completion
    }

    /// Begins.
    static func begin(_ source: KeySource, pools: UpstreamPools, _ completion: @escaping (Outcome) -> Void) {
        let fetch: KeyFetch
        if let address = source.keySetAddress {
            fetch = KeyFetch(source, pools: pools, step: .keys, address: address, completion: completion)
        } else {
            // A slash at the end belongs to the issuer's name, not to its path. Source: Discovery, 4.1.
            let base = source.issuer.hasSuffix("/") ? String(source.issuer.dropLast()) : source.issuer
            fetch = KeyFetch(
                source, pools: pools, step: .discovery, address: base + "/.well-known/openid-configuration",
                completion: completion)
        }
        fetch.get()
    }

    private func get() {
        guard let address = TokenAddress(address, allowsQuery: true) else {
            let run = NIOLoopBound(self, eventLoop: pools.loop)
            return pools.loop.execute { run.value.end("it is no https address") }
        }
        let target = UpstreamTarget(host: address.host, port: address.port, isTLS: address.isSecure)
        let name = address.host.contains(":") ? "[\(address.host)]" : address.host
        let host = address.port == (address.isSecure ? 443 : 80) ? name : "\(name):\(address.port)"
        let path = address.path.hasPrefix("/") ? address.path : "/" + address.path
        body.removeAll(keepingCapacity: true)
        call = pools.pool(for: target).stream(
            ByteBuffer(
                string: "GET \(path) HTTP/1.1\r\nHost: \(host)\r\nAccept: application/json\r\nUser-Agent: portico\r\n"
                    + "Accept-Encoding: identity\r\n\r\n"),
            isHead: false, canRetry: true, timeoutMilliseconds: TokenLimits.fetchMilliseconds, receiver: self)
    }

    // MARK: - UpstreamStreamReceiver

    func upstreamDidReceiveHead(_ response: UpstreamResponse, _ framing: ResponseFraming) {
        guard response.status == 200 else { return end("it answers \(response.status)") }
        if step == .keys, let field = response.headers.first(.cacheControl) {
            ageMilliseconds = response.withHeadBytes { bytes in
                let start = Int(field.valueOffset)
                return MaximumAge.milliseconds(
                    UnsafeRawBufferPointer(rebasing: bytes[start..<start + Int(field.valueLength)]))
            }
        }
    }

    func upstreamDidReceivePiece(_ bytes: ByteBuffer) {
        guard body.count + bytes.readableBytes <= TokenLimits.keySetBytes else {
            return end("its answer has more than \(TokenLimits.keySetBytes) bytes")
        }
        body.append(contentsOf: bytes.readableBytesView)
    }

    func upstreamDidEnd() {
        guard completion != nil else { return }
        call = nil
        switch step {
        case .discovery:
            do throws(KeySetProblem) {
                address = try DiscoveryDocument.keySetAddress(body, issuer: source.issuer)
                step = .keys
                get()
            } catch {
                end(error.text)
            }
        case .keys:
            do throws(KeySetProblem) {
                finish(.success((try KeySetReader().read(body), ageMilliseconds)))
            } catch {
                end(error.text)
            }
        }
    }

    func upstreamDidFail(_ failure: UpstreamFailure) {
        call = nil
        end(failure.reason(timeoutMilliseconds: TokenLimits.fetchMilliseconds))
    }

    private func end(_ reason: String) { finish(.failure(KeySetProblem("\(address): \(reason)"))) }

    private func finish(_ outcome: Outcome) {
        call?.cancel()
        call = nil
        let completion = self.completion
        self.completion = nil
        completion?(outcome)
    }
}

/// Where the keys are by the word of an issuer.
enum DiscoveryDocument {
    /// `jwks_uri`, if the document is of that issuer.
    static func keySetAddress(_ bytes: [UInt8], issuer: String) throws(KeySetProblem) -> String {
        let tape = JSONTape(maximumDepth: 32, maximumBytes: TokenLimits.keySetBytes)
        let found = bytes.withUnsafeBytes { bytes -> Result<String, KeySetProblem> in
            guard tape.parse(bytes) == .ok, tape.kind(tape.root) == .object else {
                return .failure(KeySetProblem("it is no JSON object"))
            }
            func text(_ name: String) -> String? {
                guard let index = tape.member(tape.root, named: Array(name.utf8)), tape.kind(index).isString else {
                    return nil
                }
                return tape.text(index)
            }
            // Source: Discovery, 4.3: it must be the issuer that was asked for, or another could speak for it.
            guard let own = text("issuer"), own == issuer else {
                return .failure(KeySetProblem("its 'issuer' is '\(text("issuer") ?? "")', not '\(issuer)'"))
            }
            guard let address = text("jwks_uri"), let parts = TokenAddress(address, allowsQuery: true) else {
                return .failure(KeySetProblem("its 'jwks_uri' is no https address"))
            }
            guard parts.isSecure || TokenAddress(issuer)?.isSecure == false else {
                return .failure(KeySetProblem("its 'jwks_uri' is less safe than the issuer"))
            }
            return .success(address)
        }
        return try found.get()
    }
}

/// `max-age` of a `Cache-Control`. Source: RFC 9111, 5.2.2.
enum MaximumAge {
    /// Milliseconds; 0 for `no-store` and `no-cache`, `nil` if nothing is said.
    static func milliseconds(_ value: UnsafeRawBufferPointer) -> Int? {
        var age: Int?
        for directive in value.split(separator: UInt8(ascii: ",")) {
            let text = trimmingBlanks(UnsafeRawBufferPointer(rebasing: directive))
            let name = String(decoding: text, as: UTF8.self).lowercased()
            if name == "no-store" || name == "no-cache" { return 0 }
            guard name.hasPrefix("max-age=") else { continue }
            let digits = name.dropFirst("max-age=".count).filter { $0 != "\"" }
            guard !digits.isEmpty, digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { continue }
            // Whatever has more digits is more than any limit of ours.
            age = (Int(digits.prefix(9)) ?? 0) * 1000
        }
        return age
    }
}
