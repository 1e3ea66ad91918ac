/// Texts of a spec in which `${env.NAME}` stands for a variable of Portico's own environment.
enum EnvironmentText {
    /// What stopped an expansion.
    enum Problem: Error, Sendable, Hashable, CustomStringConvertible {
        /// There is no such variable.
        case missing(name: String)
        /// `${env.` without a name or without its end.
        case malformed(text: String)
        /// A file that cannot be read.
        case unreadable(path: String, reason: String)

        var description: String {
            switch self {
            case .missing(let name): "environment variable '\(name)' is not set"
            case .malformed(let text): "'\(text)' is no reference to the environment; expected '${env.NAME}'"
            case .unreadable(let path, let reason): "cannot read '\(path)': \(reason)"
            }
        }
    }

    /// The text with all variables in their places. A value is taken as it is: what looks like a reference in it is none.
    static func expand(_ text: String, environment: [String: String]) throws(Problem) -> String {
        let marker = Array("${env.".utf8)
        let bytes = Array(text.utf8)
        var result: [UInt8] = []
        var index = 0
        while index < bytes.count {
            guard bytes[index...].starts(with: marker) else {
                result.append(bytes[index])
                index += 1
                continue
            }
            let start = index + marker.count
            guard let end = bytes[start...].firstIndex(of: 0x7D), end > start,
                bytes[start..<end].allSatisfy(isName)
            else {
                // The rest may be a secret that was pasted in: not more than the marker is told.
                throw .malformed(text: "${env.")
            }
            let name = String(decoding: bytes[start..<end], as: UTF8.self)
            guard let value = environment[name] else { throw .missing(name: name) }
            result.append(contentsOf: value.utf8)
            index = end + 1
        }
        return String(decoding: result, as: UTF8.self)
    }

    private static func isName(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x5F: true
        default: false
        }
    }
}
