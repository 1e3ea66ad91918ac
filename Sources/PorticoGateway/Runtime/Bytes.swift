// Hot: several times per request. Allocates: nothing.

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#else
    internal import Darwin
#endif

/// Whether both have the same bytes.
@inline(__always)
func bytesEqual(_ left: UnsafeRawBufferPointer, _ right: UnsafeRawBufferPointer) -> Bool {
    guard left.count == right.count else { return false }
    guard left.count > 0, let one = left.baseAddress, let other = right.baseAddress else { return true }
    return memcmp(one, other, left.count) == 0
}

/// Whether both are the same but for the case of ASCII letters.
@inline(__always)
func bytesEqualIgnoringCase(_ left: UnsafeRawBufferPointer, _ right: UnsafeRawBufferPointer) -> Bool {
    guard left.count == right.count else { return false }
    var index = 0
    while index < left.count {
        let one = left[index]
        let other = right[index]
        if one != other {
            // Letters differ in one bit only.
            guard one ^ other == 0x20, (one | 0x20) &- 97 < 26 else { return false }
        }
        index &+= 1
    }
    return true
}

/// Milliseconds since 1970, from the system's clock.
func wallClockMilliseconds() -> Int {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME_COARSE, &time)
    return Int(time.tv_sec) * 1000 + Int(time.tv_nsec) / 1_000_000
}

/// The wall clock of a server. Tests let it run faster than time, all workers alike.
struct ServerClock: Sendable {
    /// When the process began, from which on time runs faster.
    private static let start = wallClockMilliseconds()
    private let speed: Int

    init(speed: Int) { self.speed = speed }

    /// Milliseconds since 1970.
    @inline(__always)
    var milliseconds: Int {
        let now = wallClockMilliseconds()
        return speed == 1 ? now : ServerClock.start &+ (now &- ServerClock.start) &* speed
    }
}

/// Without blanks and tabs at both ends.
@inline(__always)
func trimmingBlanks(_ bytes: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
    var start = 0
    var end = bytes.count
    while start < end, bytes[start] == 0x20 || bytes[start] == 0x09 { start &+= 1 }
    while end > start, bytes[end &- 1] == 0x20 || bytes[end &- 1] == 0x09 { end &-= 1 }
    return UnsafeRawBufferPointer(rebasing: bytes[start..<end])
}

/// Milliseconds of a clock that never goes back.
func monotonicMilliseconds() -> Int {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC_COARSE, &time)
    return Int(time.tv_sec) * 1000 + Int(time.tv_nsec) / 1_000_000
}

/// Nanoseconds of a clock that never goes back.
func monotonicNanoseconds() -> UInt64 {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
}
