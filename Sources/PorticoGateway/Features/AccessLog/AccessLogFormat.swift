// Hot: once per request of a stage with access logs. Allocates: nothing once the output has grown.

internal import PorticoPrograms

/// Where a value of an access log comes from.
enum AccessLogSource: Sendable, Hashable {
    /// A slot of ``ContextVariable``.
    case context(Int)
    /// A variable that only access logs have.
    case log(AccessLogVariable)
    /// A value of the authorizer: index of ``AccessLogFormat/authorizerNames``.
    case authorizer(Int)
}

/// Values of one request. The bytes need to live until the next call.
protocol AccessLogValues {
    /// The value of a `$context` variable by slot; `nil` for none.
    func accessLogValue(context slot: Int) -> UnsafeRawBufferPointer?
    /// The value of a variable of access logs; `nil` for none.
    func accessLogValue(_ variable: AccessLogVariable) -> UnsafeRawBufferPointer?
    /// What an authorizer returned under the name (without `authorizer.`); `nil` for none.
    func accessLogValue(authorizer name: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer?
}

/// The format of a stage's access logs, compiled. Immutable; any loop.
///
/// What a client sends can never end a line, begin another one, or leave the place that the format has for it:
/// - within the quotes of a JSON string (and of any other quotes) a value is escaped as JSON has it;
/// - in a format that begins with `<`, it is escaped as XML has it;
/// - elsewhere blanks, quotes and backslashes become `%20`, `%22` and `%5C`; blanks of `requestTime` and `error.message`
///   stay, and so does all of `error.messageString`, which the gateway makes a JSON string itself;
/// - control characters, also those beyond ASCII, never pass as they are, and what is no UTF-8 becomes U+FFFD.
///
/// A value that is absent or empty is `-`. *Source:* reference, "$context" (6.7). Unconfirmed: how API Gateway escapes.
struct AccessLogFormat: Sendable, Hashable {
    /// How a value is written at its place.
    enum Escaping: UInt8, Sendable, Hashable {
        case json
        case xml
        /// Outside quotes.
        case plain
        /// Outside quotes, and blanks stay.
        case words
        /// Outside quotes, and a JSON string already.
        case string
    }

    enum Segment: Sendable, Hashable {
        /// A range of ``literals``.
        case literal(start: Int, end: Int)
        case value(AccessLogSource, Escaping)
    }

    let segments: [Segment]
    let literals: [UInt8]
    /// Names of values of authorizers, without `authorizer.`.
    let authorizerNames: [[UInt8]]

    /// Bytes of a line; values that would make it longer are absent.
    static let longestLine = 256 << 10

    /// Appends the line of a request, with a line break at its end.
    @inline(__always)
    func write(_ values: some AccessLogValues, into output: OutputBuffer) {
        let start = output.count
        literals.withUnsafeBytes { literals in
            for segment in segments {
                switch segment {
                case .literal(let from, let to):
                    output.append(UnsafeRawBufferPointer(rebasing: literals[from..<to]))
                case .value(let source, let escaping):
                    let value: UnsafeRawBufferPointer? =
                        switch source {
                        case .context(let slot): values.accessLogValue(context: slot)
                        case .log(let variable): values.accessLogValue(variable)
                        case .authorizer(let index):
                            authorizerNames[index].withUnsafeBytes { values.accessLogValue(authorizer: $0) }
                        }
                    // An escape has six bytes at most.
                    guard let value, !value.isEmpty, output.count &- start &+ 6 &* value.count <= Self.longestLine
                    else {
                        output.append(0x2D)
                        continue
                    }
                    AccessLogEscape.append(value, escaping, into: output)
                }
            }
        }
        output.append(0x0A)
    }
}
