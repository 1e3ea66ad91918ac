// Hot: once per comparison. Allocates: nothing.

/// Comparisons of texts.
enum PolicyBytes {
    @inline(__always)
    static func equal(_ left: UnsafeRawBufferPointer, _ right: UnsafeRawBufferPointer) -> Bool {
        left.count == right.count && hasPrefix(left, right)
    }

    static func equal(_ text: UnsafeRawBufferPointer, _ word: StaticString) -> Bool { equal(text, bytes(word)) }

    static func hasPrefix(_ text: UnsafeRawBufferPointer, _ word: StaticString) -> Bool { hasPrefix(text, bytes(word)) }

    @inline(__always)
    static func hasPrefix(_ text: UnsafeRawBufferPointer, _ prefix: UnsafeRawBufferPointer) -> Bool {
        guard text.count >= prefix.count else { return false }
        guard let left = text.baseAddress, let right = prefix.baseAddress else { return true }
        return SchemaHash.areEqual(
            left.assumingMemoryBound(to: UInt8.self), right.assumingMemoryBound(to: UInt8.self), prefix.count)
    }

    @inline(__always)
    static func bytes(_ word: StaticString) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(start: word.utf8Start, count: word.utf8CodeUnitCount)
    }

    /// Whether two texts are equal but for the case of their letters, character by character as Java compares them.
    static func equalIgnoringCase(_ left: UnsafeRawBufferPointer, _ right: UnsafeRawBufferPointer) -> Bool {
        if left.count == right.count {
            var index = 0
            var isPlain = true
            while index < left.count {
                let (first, second) = (left[index], right[index])
                if first | second >= 0x80 {
                    isPlain = false
                    break
                }
                if first != second, first | 0x20 != second | 0x20 || !isLetter(first) { return false }
                index &+= 1
            }
            if isPlain { return true }
        }
        return equalCharactersIgnoringCase(left, right)
    }

    @inline(__always)
    private static func isLetter(_ byte: UInt8) -> Bool { (byte | 0x20) &- 0x61 < 26 }

    private static func equalCharactersIgnoringCase(
        _ left: UnsafeRawBufferPointer, _ right: UnsafeRawBufferPointer
    ) -> Bool {
        var (first, second) = (left.makeIterator(), right.makeIterator())
        var (firstDecoder, secondDecoder) = (UTF8(), UTF8())
        while true {
            switch (firstDecoder.decode(&first), secondDecoder.decode(&second)) {
            case (.emptyInput, .emptyInput): return true
            case (.scalarValue(let one), .scalarValue(let other)):
                if one == other { continue }
                // No mapping is longer than what a small string holds.
                if one.properties.uppercaseMapping != other.properties.uppercaseMapping,
                    one.properties.lowercaseMapping != other.properties.lowercaseMapping
                {
                    return false
                }
            default: return false
            }
        }
    }
}

/// An ARN by its six sections; colons of the last one belong to it.
struct PolicyARN {
    private let text: UnsafeRawBufferPointer
    private var colons: (Int, Int, Int, Int, Int) = (0, 0, 0, 0, 0)

    /// Finds the sections; `nil` when there are fewer than six.
    init?(_ text: UnsafeRawBufferPointer) {
        self.text = text
        var found = 0
        var index = 0
        while index < text.count {
            if text[index] == 0x3A {
                switch found {
                case 0: colons.0 = index
                case 1: colons.1 = index
                case 2: colons.2 = index
                case 3: colons.3 = index
                default:
                    colons.4 = index
                    return
                }
                found &+= 1
            }
            index &+= 1
        }
        return nil
    }

    /// A section, counted from 0.
    func section(_ number: Int) -> UnsafeRawBufferPointer {
        let range =
            switch number {
            case 0: 0..<colons.0
            case 1: colons.0 &+ 1..<colons.1
            case 2: colons.1 &+ 1..<colons.2
            case 3: colons.2 &+ 1..<colons.3
            case 4: colons.3 &+ 1..<colons.4
            default: colons.4 &+ 1..<text.count
            }
        return UnsafeRawBufferPointer(rebasing: text[range])
    }

    /// The name of the role that `assumed-role/NAME/SESSION` is a session of.
    var sessionRole: UnsafeRawBufferPointer? {
        let resource = section(5)
        let start = "assumed-role/".utf8.count
        guard PolicyBytes.hasPrefix(resource, "assumed-role/"),
            let end = resource[start...].firstIndex(of: 0x2F), end > start
        else { return nil }
        return UnsafeRawBufferPointer(rebasing: resource[start..<end])
    }

    /// What stands behind the last slash: the name of a user or a role.
    var lastName: UnsafeRawBufferPointer {
        let resource = section(5)
        guard let slash = resource.lastIndex(of: 0x2F) else { return resource }
        return UnsafeRawBufferPointer(rebasing: resource[(slash &+ 1)...])
    }
}
