// Hot: several times per request. Allocates: nothing.

/// A reference that is kept here and read without being counted.
///
/// Counting a reference is two atomic operations on the object's first bytes each time that a field is read, and a request
/// reads its stage, method and worker dozens of times. Whoever reads ``object`` uses it while this holder is there and
/// unchanged: on the event loop that owns the holder, before the next ``init(_:)`` into its place.
struct HeldReference<Object: AnyObject> {
    private let owner: Object
    /// The object; not counted.
    unowned(unsafe) let object: Object

    @inline(__always)
    init(_ object: Object) {
        owner = object
        self.object = object
    }
}

extension HeldReference: Sendable where Object: Sendable {}
