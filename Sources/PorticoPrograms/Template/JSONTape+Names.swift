// Hot: once per step of a reference into a body. Allocates: nothing.

extension JSONTape {
    /// The value of the member of that name; `nil` for anything but an object, too.
    ///
    /// Does what ``member(_:named:)`` does, for names that are short and mostly differ in length or in the first bytes:
    /// they are compared in place. Half of the time of a template with many references went into the general way.
    @inline(__always)
    func memberInPlace(_ object: NodeIndex, named name: UnsafeRawBufferPointer) -> NodeIndex? {
        let node = node(object)
        guard node.kind == .object, let text = source.baseAddress, let wanted = name.baseAddress else {
            return name.isEmpty ? member(object, named: name) : nil
        }
        let count = name.count
        var key = object &+ 1
        var left = node.length
        while left > 0 {
            let candidate = self.node(key)
            if candidate.kind == .key {
                if Int(candidate.length) == count, Self.isSame(text + Int(candidate.offset), wanted, count) {
                    return key &+ 1
                }
            } else if textEquals(key, name) {
                return key &+ 1
            }
            key = Int(self.node(key &+ 1).next)
            left &-= 1
        }
        return nil
    }

    @inline(__always)
    private static func isSame(_ left: UnsafeRawPointer, _ right: UnsafeRawPointer, _ count: Int) -> Bool {
        var place = 0
        while count &- place >= 8 {
            let first = left.loadUnaligned(fromByteOffset: place, as: UInt64.self)
            if first != right.loadUnaligned(fromByteOffset: place, as: UInt64.self) { return false }
            place &+= 8
        }
        while place < count {
            let first = left.load(fromByteOffset: place, as: UInt8.self)
            if first != right.load(fromByteOffset: place, as: UInt8.self) { return false }
            place &+= 1
        }
        return true
    }
}
