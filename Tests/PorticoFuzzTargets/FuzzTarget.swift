/// A property that must hold for every input, with all that libFuzzer and the replaying tests need to know about it.
///
/// A target does more than not to crash: it compares two ways to the same result and throws when they differ.
/// Its code is here and in `PorticoGatewayTests/FuzzTargets`, so that the package `Fuzzing` and the ordinary tests run the
/// same; the inputs that were found worth keeping are in `Fuzzing/corpus/NAME`.
public struct FuzzTarget: Sendable {
    /// What checks one input.
    public typealias Check = (UnsafeRawBufferPointer) throws(FuzzFinding) -> Void

    /// The target's name, and that of its corpus.
    public let name: String
    /// What it does with an input, in one line.
    public let summary: String
    /// File in `Fuzzing/dictionaries`.
    public let dictionary: String?
    /// Longest input that is tried.
    public let maximumBytes: Int
    /// Makes the check: it keeps its machines and tapes from input to input, as a worker does.
    public let makeCheck: @Sendable () -> Check

    /// Makes a target.
    public init(
        _ name: String, _ summary: String, dictionary: String? = nil, maximumBytes: Int = 4096,
        makeCheck: @escaping @Sendable () -> Check
    ) {
        self.name = name
        self.summary = summary
        self.dictionary = dictionary
        self.maximumBytes = maximumBytes
        self.makeCheck = makeCheck
    }
}

/// An input for which a property does not hold.
public struct FuzzFinding: Error, Sendable {
    /// What was expected, and what was found.
    public let message: String

    /// Makes a finding.
    public init(_ message: String) { self.message = message }
}

/// Throws a finding unless `condition` holds.
public func require(
    _ condition: Bool, _ message: @autoclosure () -> String
) throws(FuzzFinding) {
    if !condition { throw FuzzFinding(message()) }
}

/// The byte between the parts of an input that has several: no text of any of the languages may hold it as it is.
public let fuzzSeparator: UInt8 = 0x1F

/// The first part of an input, and what follows the separator; empty without one.
public func fuzzParts(
    _ input: UnsafeRawBufferPointer
) -> (first: UnsafeRawBufferPointer, second: UnsafeRawBufferPointer) {
    guard let place = input.firstIndex(of: fuzzSeparator) else {
        return (input, UnsafeRawBufferPointer(start: nil, count: 0))
    }
    return (
        UnsafeRawBufferPointer(rebasing: input[..<place]), UnsafeRawBufferPointer(rebasing: input[(place + 1)...])
    )
}

/// The targets that need nothing of the gateway.
public enum FuzzTargetList {
    /// All of them.
    public static let all: [FuzzTarget] = [
        .lexer, .machine, .program, .json, .schema, .path, .mapping, .pattern, .document, .api, .client, .policy,
    ]
}
