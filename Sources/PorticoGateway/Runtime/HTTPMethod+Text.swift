// Hot: once per call of a backend. Allocates: nothing.

extension HTTPMethod {
    /// The method of that name; `other` for what is none.
    static func parse(_ text: UnsafeRawBufferPointer, ignoresCase: Bool = false) -> HTTPMethod {
        for method in HTTPMethod.allCases where method != .other {
            if ignoresCase ? bytesEqualIgnoringCase(method.bytes, text) : bytesEqual(method.bytes, text) {
                return method
            }
        }
        return .other
    }

    /// The name of the method with that raw value.
    static func text(_ rawValue: UInt8) -> UnsafeRawBufferPointer {
        (HTTPMethod(rawValue: rawValue) ?? .other).bytes
    }

    /// The name as bytes.
    var bytes: UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount)
    }
}
