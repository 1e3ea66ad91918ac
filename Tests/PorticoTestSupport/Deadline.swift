import Glibc

/// A moment after which a test gives up. Tests wait for conditions, never for time to pass.
public struct Deadline: Sendable {
    private let end: ContinuousClock.Instant

    /// A deadline that far from now. The default is long: it is only ever reached by a test that fails.
    public init(after duration: Duration = .seconds(100)) {
        end = .now + duration
    }

    /// Whether it has passed.
    public var hasPassed: Bool { ContinuousClock.now >= end }

    /// Milliseconds that are left, at least 0.
    public var millisecondsLeft: Int32 {
        let left = ContinuousClock.now.duration(to: end).components
        let milliseconds = left.seconds * 1000 + left.attoseconds / 1_000_000_000_000_000
        return Int32(max(0, min(milliseconds, 1_000_000)))
    }

    /// Asks again and again until `condition` holds; throws once the time is over.
    public func wait(for what: String, until condition: () throws -> Bool) throws {
        while try !condition() {
            if hasPassed { throw TestSupportError("timed out waiting for \(what)") }
            usleep(5_000)
        }
    }
}

/// What went wrong in a helper, in words.
public struct TestSupportError: Error, CustomStringConvertible {
    /// The words.
    public let description: String

    /// Makes an error.
    public init(_ description: String) {
        self.description = description
    }

    /// An error with the system's reason.
    static func system(_ what: String) -> TestSupportError {
        TestSupportError("\(what): \(String(cString: strerror(errno)))")
    }
}
