internal import CDashboard
internal import Crypto
internal import PorticoPrograms

/// The dashboard as one document, and the header fields that it is served with.
///
/// `Page/` has its three files; the C compiler embeds them, and style and script are put into the document here. The
/// policy names both by their digests, so that a browser runs these bytes and nothing else.
///
/// *Source:* Content Security Policy Level 3, "hash-source".
struct DashboardPage: Sendable {
    /// Where the style goes in `index.html`.
    static let styleMark = "/*STYLE*/"
    /// Where the script goes in `index.html`.
    static let scriptMark = "/*SCRIPT*/"

    /// The document, in UTF-8.
    let html: [UInt8]
    /// Value of `Content-Security-Policy`.
    let contentSecurityPolicy: String

    /// The page that is embedded in the program.
    static let embedded = DashboardPage(
        html: text(dashboard_html()), css: text(dashboard_css()), js: text(dashboard_js()))

    /// Puts a page together. A mark that is not there leaves its text out.
    init(html: String, css: String, js: String) {
        self.html = Array(Self.put(js, at: Self.scriptMark, in: Self.put(css, at: Self.styleMark, in: html)).utf8)
        contentSecurityPolicy = [
            "default-src 'none'",
            "script-src '\(Self.source(js))'",
            "style-src '\(Self.source(css))'",
            "connect-src 'self'",
            "img-src data:",
            "base-uri 'none'",
            "form-action 'none'",
            "frame-ancestors 'none'",
            "require-trusted-types-for 'script'",
        ].joined(separator: "; ")
    }

    /// The header fields of the page besides its length, in order.
    var headers: [(name: String, value: String)] {
        [("Content-Type", "text/html; charset=utf-8"), ("Content-Security-Policy", contentSecurityPolicy)]
            + Self.commonHeaders
    }

    /// The header fields of all answers of the dashboard.
    static let commonHeaders: [(name: String, value: String)] = [
        ("Cache-Control", "no-store"),
        ("X-Content-Type-Options", "nosniff"),
        ("Referrer-Policy", "no-referrer"),
        ("Cross-Origin-Resource-Policy", "same-origin"),
    ]

    /// `sha256-` and the digest in Base64.
    private static func source(_ text: String) -> String {
        let output = OutputBuffer(capacity: 64)
        SHA256.hash(data: Array(text.utf8)).withUnsafeBytes { Base64Text.appendEncoded($0, into: output) }
        return "sha256-" + String(decoding: output.bytes(from: 0), as: UTF8.self)
    }

    private static func put(_ text: String, at mark: String, in document: String) -> String {
        guard let place = document.utf8Range(of: mark) else { return document }
        return document[..<place.lowerBound] + text + document[place.upperBound...]
    }

    private static func text(_ file: dashboard_file) -> String {
        String(decoding: UnsafeBufferPointer(start: file.bytes, count: file.count), as: UTF8.self)
    }
}

extension String {
    /// Where `text` stands for the first time, byte for byte.
    fileprivate func utf8Range(of text: String) -> Range<String.Index>? {
        let wanted = Array(text.utf8)
        var start = utf8.startIndex
        while let candidate = utf8[start...].firstIndex(of: wanted.first ?? 0) {
            if utf8[candidate...].starts(with: wanted) {
                return candidate..<utf8.index(candidate, offsetBy: wanted.count)
            }
            start = utf8.index(after: candidate)
        }
        return nil
    }
}
