// Hot: once per request whose signature is refused. Allocates: the text.

internal import PorticoIR
internal import PorticoPrograms

/// What is said of signatures that do not hold.
///
/// Source: reference, "SigV4 verification" (3.1), the table of answers.
enum SignatureFaults {
    static func incomplete(_ message: String) -> GatewayFault {
        GatewayFault(
            .invalidSignature, message: message, errorType: "IncompleteSignatureException",
            log: "the signature is not whole")
    }

    static func invalid(_ message: String, log: String) -> GatewayFault {
        GatewayFault(.invalidSignature, message: message, errorType: "InvalidSignatureException", log: log)
    }

    static func unknownToken(_ log: String) -> GatewayFault {
        GatewayFault(
            .invalidSignature, message: "The security token included in the request is invalid.",
            errorType: "UnrecognizedClientException", log: log)
    }

    /// An `Authorization` header that lacks parts of a signature, or is of another scheme.
    static func incomplete(_ header: UnsafeRawBufferPointer, _ exchange: Exchange) -> GatewayFault {
        let text = String(decoding: header, as: UTF8.self)
        guard let blank = text.firstIndex(of: " ") else { return incomplete(missing(text, [:], exchange)) }
        var found: [String: String] = [:]
        for part in text[blank...].split(separator: ",") {
            let part = trimmed(part)
            guard !part.isEmpty else { continue }
            guard let equals = part.firstIndex(of: "=") else {
                return incomplete(
                    "'\(part)' not a valid key=value pair (missing equal-sign) in Authorization header: '\(text)'.")
            }
            found[String(part[..<equals])] = String(part[part.index(after: equals)...])
        }
        let message = missing(text, found, exchange)
        if !message.isEmpty { return incomplete(message) }
        // All parts are there, and one of them is not what it should be.
        let credential = found["Credential"] ?? ""
        guard credential.split(separator: "/").count >= 5 else {
            return incomplete(
                "Credential must have exactly 5 slash-delimited elements, e.g. "
                    + "keyid/date/region/service/term, got '\(credential)'")
        }
        return incomplete("Date must be in ISO-8601 'basic format'. Authorization=\(text)")
    }

    private static func missing(_ text: String, _ found: [String: String], _ exchange: Exchange) -> String {
        var message = ""
        for name in ["Credential", "Signature", "SignedHeaders"] where found[name] == nil {
            message += "Authorization header requires '\(name)' parameter. "
        }
        if exchange.field("x-amz-date") == nil, exchange.field("date") == nil {
            message +=
                "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header. "
        }
        return message.isEmpty ? "" : message + "Authorization=\(text)"
    }

    private static func trimmed(_ text: Substring) -> Substring {
        var text = text
        while text.first == " " || text.first == "\t" { text = text.dropFirst() }
        while text.last == " " || text.last == "\t" { text = text.dropLast() }
        return text
    }

    static func missingParameters(_ parts: SigV4Parts) -> String {
        var message = ""
        let names: [(SigV4Parts, String)] = [
            (.credential, "X-Amz-Credential"), (.signature, "X-Amz-Signature"), (.signedHeaders, "X-Amz-SignedHeaders"),
            (.date, "X-Amz-Date"), (.expires, "X-Amz-Expires"),
        ]
        for (part, name) in names where parts.contains(part) {
            message += (message.isEmpty ? "" : " ") + "AWS query-string parameters must include '\(name)'."
        }
        return message + " Re-examine the query-string parameters."
    }

    static func malformedParameters(_ parts: SigV4Parts) -> String {
        if parts.contains(.expires) {
            return "X-Amz-Expires must be between 1 and \(SigV4.maximumExpiresSeconds) seconds."
        }
        if parts.contains(.date) { return "X-Amz-Date must be in the ISO8601 Long Format \"yyyyMMdd'T'HHmmss'Z'\"" }
        if parts.contains(.signedHeaders) { return "X-Amz-SignedHeaders names no header." }
        return "X-Amz-Credential must have the form KEYID/DATE/REGION/SERVICE/aws4_request."
    }

    /// What is wrong with the scope of a claim; `nil` if nothing is.
    static func scope(_ claim: SigV4Claim, _ stage: StageProgram) -> GatewayFault? {
        let scope = stage.signingScope
        guard bytesEqual(claim.terminator, SigV4.terminator.signedBytes) else {
            return invalid(
                "Credential should be scoped with a valid terminator: 'aws4_request', not '\(text(claim.terminator))'.",
                log: "the scope has another end")
        }
        guard scope.service.withUnsafeBytes({ bytesEqual($0, claim.service) }) else {
            return invalid(
                "Credential should be scoped to correct service: 'execute-api'. ", log: "signed for another service")
        }
        guard scope.region.withUnsafeBytes({ bytesEqual($0, claim.region) }) else {
            return invalid(
                "Credential should be scoped to a valid region, not '\(text(claim.region))'. ",
                log: "signed for another region")
        }
        guard claim.isOfItsDay else {
            let day = String(claim.time.description.prefix(8))
            return invalid(
                "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: "
                    + "'\(text(claim.day))' != '\(day)', from '\(claim.time)'.", log: "signed for another day")
        }
        return nil
    }

    /// What is wrong with the time of a claim at `now`, in seconds since 1970; `nil` if nothing is.
    static func time(_ claim: SigV4Claim, _ now: Int) -> GatewayFault? {
        let skew = SigV4.skewSeconds
        let time = claim.time.epochSeconds
        let current = SigV4Time(epochSeconds: now)
        if time > now &+ skew {
            return invalid(
                "Signature not yet current: \(claim.time) is still later than \(SigV4Time(epochSeconds: now &+ skew)) "
                    + "(\(current) + 5 min.)", log: "signed in the future")
        }
        if let expires = claim.expiresSeconds {
            guard now > time &+ expires else { return nil }
            // Unconfirmed: the text for presigned requests.
            return invalid(
                "Signature expired: \(SigV4Time(epochSeconds: time &+ expires)) is now earlier than \(current)",
                log: "the presigned request has expired")
        }
        guard time < now &- skew else { return nil }
        return invalid(
            "Signature expired: \(claim.time) is now earlier than \(SigV4Time(epochSeconds: now &- skew)) "
                + "(\(current) - 5 min.)", log: "signed too long ago")
    }

    /// The signature is another one. What should have been signed is no secret: it is made of the request.
    static func mismatch(_ verifier: SigV4Verifier) -> GatewayFault {
        invalid(
            "The request signature we calculated does not match the signature you provided. Check your AWS Secret "
                + "Access Key and signing method. Consult the service documentation for details.\n\n"
                + "The Canonical String for this request should have been\n'\(text(verifier.canonicalRequest))'\n\n"
                + "The String-to-Sign should have been\n'\(text(verifier.stringToSign))'\n",
            log: "the signature is another one")
    }

    private static func text(_ bytes: UnsafeRawBufferPointer) -> String { String(decoding: bytes, as: UTF8.self) }
}
