// Hot: once per request. Allocates: nothing.

/// A request path cut into the stage and the rest, which ``RouteTable`` matches.
///
/// Slashes before the stage are ignored however many they are (`//dev/x` is `/dev/x`); the rest keeps all of its own.
/// Source: recorded behaviour, `reference/rest-data-plane.md` 2.1 and 2.2.
struct StageSplit: Sendable, Hashable {
    /// The first segment; empty when the path holds none.
    var stage: Range<Int>
    /// From the slash after the stage to the end; empty when nothing follows the stage.
    var rest: Range<Int>

    /// Cuts `path`, which is without query.
    init(_ path: UnsafeRawBufferPointer) {
        let count = path.count
        var start = 0
        while start < count, path[start] == SegmentScanner.slash { start &+= 1 }
        var end = start
        while end < count, path[end] != SegmentScanner.slash { end &+= 1 }
        stage = start..<end
        rest = end..<count
    }
}
