/// Who may ask for the dashboard's data: pages of other sites may not, although a browser on this machine reaches the
/// admin port.
///
/// A site whose name is made to lead to 127.0.0.1 (DNS rebinding) has its own name in `Host`; a page that merely sends a
/// request has its own site in `Sec-Fetch-Site` and `Origin`.
///
/// *Source:* W3C Fetch Metadata Request Headers, "Sec-Fetch-Site".
enum DashboardAccess {
    /// Whether a request may be answered.
    ///
    /// - Parameter host: `Host`, which must be an address or the name of this machine's loopback interface, with any port.
    /// - Parameter origin: `Origin`, if there is one.
    /// - Parameter site: `Sec-Fetch-Site`, if there is one.
    static func isAllowed(host: String?, origin: String?, site: String?) -> Bool {
        guard let host, isLoopback(host) else { return false }
        if let site, site != "same-origin", site != "none" { return false }
        if let origin, origin != "http://\(host)" { return false }
        return true
    }

    private static func isLoopback(_ host: String) -> Bool {
        var name = Substring(host)
        if let colon = host.lastIndex(of: ":"), !host.hasSuffix("]") {
            let port = host[host.index(after: colon)...]
            guard !port.isEmpty, port.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return false }
            name = host[..<colon]
        }
        return ["localhost", "127.0.0.1", "[::1]"].contains(name.lowercased())
    }
}
