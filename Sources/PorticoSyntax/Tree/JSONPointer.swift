/// JSON pointers (RFC 6901).
public enum JSONPointer {
    /// A name as it stands in a pointer.
    public static func escaped(_ name: String) -> String {
        guard name.utf8.contains(where: { $0 == 0x7E || $0 == 0x2F }) else { return name }
        return name.reduce(into: "") { text, character in
            switch character {
            case "~": text += "~0"
            case "/": text += "~1"
            default: text.append(character)
            }
        }
    }

    /// The name that a token of a pointer stands for.
    public static func unescaped(_ token: some StringProtocol) -> String {
        var bytes: [UInt8] = []
        var rest = token.utf8[...]
        while let byte = rest.popFirst() {
            if byte == 0x7E, let next = rest.first, next == 0x30 || next == 0x31 {
                bytes.append(next == 0x30 ? 0x7E : 0x2F)
                rest.removeFirst()
            } else {
                bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}

extension Node {
    /// The value that a JSON pointer leads to, or the last one on the way that there is.
    public func nearest(to pointer: String) -> Node {
        var node = self
        for token in pointer.split(separator: "/", omittingEmptySubsequences: false).dropFirst() {
            let name = JSONPointer.unescaped(token)
            if let child = node[name] {
                node = child
            } else if let elements = node.sequence, let index = Int(name), elements.indices.contains(index) {
                node = elements[index]
            } else {
                break
            }
        }
        return node
    }
}
