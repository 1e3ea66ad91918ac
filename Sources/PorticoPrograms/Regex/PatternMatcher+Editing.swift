// Hot: once per replacement or split. Allocates: the list of pieces of a split.

/// What a replacement or a split came to.
public enum PatternEditOutcome: Sendable, Equatable {
    /// Done.
    case done
    /// The attempt took more steps than allowed; what was written or listed is to be dropped.
    case limitExceeded
    /// The replacement text names a group that does not exist or ends in `$` or a backslash, which Java refuses.
    case malformedReplacement
}

extension PatternMatcher {
    /// Appends the subject with every match replaced, as `String.replaceAll` does: `$1` and `${name}` stand for groups, a
    /// backslash protects the next character. Java refuses a malformed replacement only when something matches.
    public func replaceAll(
        _ pattern: Pattern, _ subject: UnsafeRawBufferPointer, with replacement: UnsafeRawBufferPointer,
        into output: OutputBuffer
    ) -> PatternEditOutcome {
        replace(pattern, subject, replacement, onlyFirst: false, output)
    }

    /// Appends the subject with the first match replaced, as `String.replaceFirst` does.
    public func replaceFirst(
        _ pattern: Pattern, _ subject: UnsafeRawBufferPointer, with replacement: UnsafeRawBufferPointer,
        into output: OutputBuffer
    ) -> PatternEditOutcome {
        replace(pattern, subject, replacement, onlyFirst: true, output)
    }

    private func replace(
        _ pattern: Pattern, _ subject: UnsafeRawBufferPointer, _ replacement: UnsafeRawBufferPointer, onlyFirst: Bool,
        _ output: OutputBuffer
    ) -> PatternEditOutcome {
        var copied = 0
        var from = 0
        search: while from <= subject.count {
            switch find(pattern, subject, from: from) {
            case .limitExceeded: return .limitExceeded
            case .noMatch: break search
            case .match: break
            }
            guard let match = range() else { break }
            output.append(UnsafeRawBufferPointer(rebasing: subject[copied..<match.lowerBound]))
            guard appendReplacement(replacement, pattern, subject, output) else { return .malformedReplacement }
            copied = match.upperBound
            from = match.isEmpty ? Self.after(match.upperBound, subject) : match.upperBound
            if onlyFirst { break }
        }
        output.append(UnsafeRawBufferPointer(rebasing: subject[copied...]))
        return .done
    }

    /// The place behind the character at `place`, for going on after an empty match.
    private static func after(_ place: Int, _ subject: UnsafeRawBufferPointer) -> Int {
        var next = place + 1
        while next < subject.count, subject[next] & 0xC0 == 0x80 { next += 1 }
        return next
    }

    private func appendReplacement(
        _ replacement: UnsafeRawBufferPointer, _ pattern: Pattern, _ subject: UnsafeRawBufferPointer,
        _ output: OutputBuffer
    ) -> Bool {
        var at = 0
        while at < replacement.count {
            let byte = replacement[at]
            at += 1
            switch byte {
            case UInt8(ascii: "\\"):
                guard at < replacement.count else { return false }
                output.append(replacement[at])
                at += 1
            case UInt8(ascii: "$"):
                guard let group = takeGroup(replacement, &at, pattern) else { return false }
                if let range = range(group) {
                    output.append(UnsafeRawBufferPointer(rebasing: subject[range]))
                }
            default: output.append(byte)
            }
        }
        return true
    }

    /// Takes `1`, `12` (as many digits as there are groups for) or `{name}`.
    private func takeGroup(_ text: UnsafeRawBufferPointer, _ at: inout Int, _ pattern: Pattern) -> Int? {
        guard at < text.count else { return nil }
        if text[at] == UInt8(ascii: "{") {
            let start = at + 1
            guard let end = text[start...].firstIndex(of: UInt8(ascii: "}")) else { return nil }
            at = end + 1
            return pattern.groupNames[String(decoding: text[start..<end], as: UTF8.self)]
        }
        guard text[at] &- 0x30 < 10 else { return nil }
        var group = Int(text[at] - 0x30)
        at += 1
        guard group <= pattern.groupCount else { return nil }
        while at < text.count, text[at] &- 0x30 < 10, group * 10 + Int(text[at] - 0x30) <= pattern.groupCount {
            group = group * 10 + Int(text[at] - 0x30)
            at += 1
        }
        return group
    }

    /// Lists the pieces of the subject between matches, as `String.split(regex, limit)` does.
    ///
    /// A positive limit is the greatest number of pieces; with 0, empty pieces at the end are dropped. An empty match at
    /// the very beginning makes no empty piece (since Java 8).
    public func split(
        _ pattern: Pattern, _ subject: UnsafeRawBufferPointer, limit: Int = 0, into pieces: inout [Range<Int>]
    ) -> PatternEditOutcome {
        let first = pieces.count
        var copied = 0
        var from = 0
        search: while from <= subject.count, limit <= 0 || pieces.count - first < limit - 1 {
            switch find(pattern, subject, from: from) {
            case .limitExceeded: return .limitExceeded
            case .noMatch: break search
            case .match: break
            }
            guard let match = range() else { break }
            from = match.isEmpty ? Self.after(match.upperBound, subject) : match.upperBound
            if match.upperBound == 0 { continue }
            pieces.append(copied..<match.lowerBound)
            copied = match.upperBound
        }
        pieces.append(copied..<subject.count)
        guard limit == 0, copied > 0 else { return .done }
        while pieces.count > first, pieces[pieces.count - 1].isEmpty { pieces.removeLast() }
        return .done
    }
}
