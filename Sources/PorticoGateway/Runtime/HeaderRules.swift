// Hot: once per header field that is forwarded or mapped. Allocates: nothing.

/// What API Gateway does with header fields by name. ORDER HEADERS: the importer's `RefusedHeaderRule` warns of the same.
///
/// Source: reference, "Headers" (4.6): what is dropped, remapped and refused, for requests and responses. A mask has
/// the `bit` of each ``KnownHeader``.
enum HeaderRules {
    private static func mask(_ headers: [KnownHeader]) -> UInt64 { headers.reduce(0) { $0 | $1.bit } }

    /// Fields of the client that never reach anything: not `$input.params`, not a backend.
    static let hidden = mask([
        .connection, .contentLength, .contentMD5, .expect, .maxForwards, .proxyAuthenticate, .server, .te,
        .transferEncoding, .trailer, .upgrade, .wwwAuthenticate, .keepAlive, .proxyConnection,
    ])

    /// Fields that HTTP_PROXY does not forward although templates see them, and those that the gateway sets itself.
    static let notForwarded = hidden | mask([.host, .contentEncoding, .via, .amznAPIGatewayAPIID])

    /// Fields of one hop, and those that the gateway writes anew, on the way to a backend behind a route of an HTTP API.
    /// Source: RFC 9110, section 7.6.1.
    static let routeNotForwarded = mask([
        .connection, .contentLength, .expect, .host, .keepAlive, .proxyAuthenticate, .proxyAuthorization,
        .proxyConnection, .te, .trailer, .transferEncoding, .upgrade,
    ])

    /// The same on the way back.
    static let routeResponseDropped = mask([
        .connection, .contentLength, .date, .keepAlive, .proxyAuthenticate, .proxyConnection, .te, .trailer,
        .transferEncoding, .upgrade,
    ])

    /// Whether a field of that name, which no mask knows, is one that an HTTP API writes itself.
    /// Source: reference, "Errors" (1.12).
    static func isOwnOfRoutes(_ name: UnsafeRawBufferPointer) -> Bool {
        bytesEqualIgnoringCase(name, ("apigw-requestid" as StaticString).signedBytes)
    }

    /// Whether a field of that name, which no mask knows, is of one hop because `Connection`, whose value that is, names it.
    /// Source: RFC 9110, section 7.6.1.
    static func isNominated(_ name: UnsafeRawBufferPointer, by connection: UnsafeRawBufferPointer?) -> Bool {
        guard var rest = connection else { return false }
        while true {
            let end = rest.firstIndex(of: 0x2C) ?? rest.count
            if bytesEqualIgnoringCase(trimmingBlanks(UnsafeRawBufferPointer(rebasing: rest[..<end])), name) {
                return true
            }
            guard end < rest.count else { return false }
            rest = UnsafeRawBufferPointer(rebasing: rest[(end &+ 1)...])
        }
    }

    /// Fields that a mapping may not set on any backend: 500, `header already present` in the log.
    ///
    /// Unconfirmed: the last two, which the gateway always sets itself. Source: reference 4.6, LocalStack's list.
    static let mappingFails = mask([.contentLength, .transferEncoding, .amznTraceID, .amznAPIGatewayAPIID])

    /// Fields that a mapping may not set on an AWS backend.
    private static let mappingFailsOfAWS =
        mappingFails | mask([.authorization, .connection, .expect, .proxyAuthenticate, .te])

    /// Fields that a mapping to an AWS backend leaves out without a word.
    private static let mappingDroppedOfAWS = mask([.referer])

    /// Fields that a mapping may not set.
    static func mappingFails(isAWS: Bool) -> UInt64 { isAWS ? mappingFailsOfAWS : mappingFails }

    /// Fields that a mapping leaves out without a word.
    static func mappingDropped(isAWS: Bool) -> UInt64 { isAWS ? mappingDroppedOfAWS : mappingDropped }

    /// Fields that a mapping to an HTTP backend leaves out without a word.
    static let mappingDropped = mask([.expect, .proxyAuthenticate, .te, .via, .connection])

    /// Fields that a mapping renames on the way to the client.
    ///
    /// Unconfirmed: the ids, which would stand in the answer twice.
    static let responseRemapped = mask([
        .authorization, .connection, .contentLength, .contentMD5, .date, .expect, .host, .maxForwards,
        .proxyAuthenticate, .server, .trailer, .upgrade, .userAgent, .wwwAuthenticate, .amznRequestID,
        .amzAPIGatewayID,
    ])

    /// Fields that a gateway response renames.
    ///
    /// Observed: `WWW-Authenticate` is not among them; it is how APIs with an authorizer make browsers ask for a password.
    static let gatewayResponseRemapped = responseRemapped & ~KnownHeader.wwwAuthenticate.bit

    /// Fields that a mapping to the client leaves out.
    static let responseDropped = mask([.transferEncoding])

    /// Fields of a proxied backend that are renamed on the way to the client.
    ///
    /// Unconfirmed: `x-amz-apigw-id`, which would stand in the answer twice.
    static let proxyRemapped = mask([
        .connection, .contentLength, .date, .server, .amznRequestID, .amzAPIGatewayID,
    ])

    /// Fields of a proxied backend that do not reach the client; a content coding that cannot be undone does.
    static let proxyDropped = mask([.transferEncoding, .contentEncoding, .via, .keepAlive, .proxyConnection])

    /// What stands before a renamed field's name.
    static let remappedPrefix: StaticString = "x-amzn-Remapped-"

    /// The name under which a mapped field of that name reaches the client; `nil` if it does not.
    static func nameShown(_ name: String, remapped: UInt64 = responseRemapped) -> String? {
        let known = KnownHeader.named(name)
        if known == .other { return name }
        if responseDropped & known.bit != 0 { return nil }
        return remapped & known.bit != 0 ? "x-amzn-Remapped-" + name : name
    }
}

extension KnownHeader {
    /// The field of that name, in any case, for names that come from a document.
    static func named(_ name: String) -> KnownHeader {
        var name = name
        return name.withUTF8 { bytes in
            guard let base = bytes.baseAddress else { return .other }
            return HeaderTables.shared.recognise(UnsafeRawPointer(base), length: bytes.count, readable: bytes.count)
        }
    }
}

/// Mappings of fields that a mapping may not set.
enum RefusedMappings {
    /// Sets the fault if one of them has a value; a mapping without a value sets nothing, so that there is nothing to
    /// refuse. Whether there is a fault.
    ///
    /// Unconfirmed: that the value counts. Source: reference 4.2, missing values are left out.
    static func apply(_ exchange: Exchange, _ integration: ServingIntegration) -> Bool {
        for mapping in integration.requestMappings where mapping.target == .header && mapping.effect == .fail {
            if exchange.overrides.overridesRequestHeader(mapping.name.bytes) { continue }
            let hasValue = exchange.value(of: mapping.source)?.isEmpty == false
            if exchange.fault != nil { return true }
            if hasValue {
                exchange.fault = fault(mapping.name.bytes)
                return true
            }
        }
        return false
    }

    static func fault(_ name: UnsafeRawBufferPointer) -> GatewayFault {
        .configuration("\(String(decoding: name, as: UTF8.self)) header already present")
    }
}
