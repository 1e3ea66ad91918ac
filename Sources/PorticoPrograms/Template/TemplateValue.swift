// Hot: once per value of a template. Allocates: nothing.

/// What a ``TemplateValue`` is.
enum TemplateTag: UInt8 {
    case null, bool, int, long, double
    /// Decimal digits in memory, perhaps with a minus.
    case bigInteger
    /// UTF-8 in memory.
    case string
    /// A UTF-16 code unit.
    case character
    /// A node of a JSON tape.
    case json
    case list, map, iterator
    /// A part of `$context` that has parts itself.
    case context
    /// A map of overrides.
    case override
    case stageVariables, input, util
    /// `$foreach` of a loop under way.
    case loop
    /// What `#define` made.
    case block
}

/// A value of the template machine: 16 bytes. Pointers and handles live as long as the run.
struct TemplateValue {
    private var payload: UInt64
    /// Bytes of a text, or the number of a tape.
    private(set) var length: UInt32
    let tag: TemplateTag

    @inline(__always)
    private init(_ tag: TemplateTag, _ payload: UInt64 = 0, _ length: UInt32 = 0) {
        self.tag = tag
        self.payload = payload
        self.length = length
    }

    static var null: TemplateValue { TemplateValue(.null) }
    static var empty: TemplateValue { TemplateValue(.string) }

    @inline(__always)
    init(_ value: Bool) { self.init(.bool, value ? 1 : 0) }

    /// A Java `Integer`.
    @inline(__always)
    init(int value: Int32) { self.init(.int, UInt64(bitPattern: Int64(value))) }

    /// A Java `Integer` for a count, which always fits.
    @inline(__always)
    init(count value: Int) { self.init(.int, UInt64(bitPattern: Int64(Int32(truncatingIfNeeded: value)))) }

    /// A Java `Long`.
    @inline(__always)
    init(long value: Int64) { self.init(.long, UInt64(bitPattern: value)) }

    /// An `Integer`, or a `Long` if need be.
    @inline(__always)
    init(fitting value: Int64) { self.init(Int32(exactly: value) != nil ? .int : .long, UInt64(bitPattern: value)) }

    @inline(__always)
    init(_ value: Double) { self.init(.double, value.bitPattern) }

    /// Text in memory that outlives the run's use of it; at most 4 GB.
    @inline(__always)
    init(_ bytes: UnsafeRawBufferPointer) {
        self.init(
            .string, UInt64(UInt(bitPattern: bytes.baseAddress)), UInt32(truncatingIfNeeded: bytes.count))
    }

    init(bigInteger digits: UnsafeRawBufferPointer) {
        self.init(
            .bigInteger, UInt64(UInt(bitPattern: digits.baseAddress)), UInt32(truncatingIfNeeded: digits.count))
    }

    init(character unit: UInt16) { self.init(.character, UInt64(unit)) }

    @inline(__always)
    init(node: NodeIndex, ofTape tape: Int) {
        self.init(.json, UInt64(truncatingIfNeeded: node), UInt32(truncatingIfNeeded: tape))
    }

    /// A list, map, iterator, context node, override map, loop or block, by its number.
    @inline(__always)
    init(_ tag: TemplateTag, handle: Int) { self.init(tag, UInt64(truncatingIfNeeded: handle)) }

    /// An object there is only one of.
    init(object tag: TemplateTag) { self.init(tag) }

    // MARK: Content, by tag

    @inline(__always)
    var bool: Bool { payload != 0 }
    @inline(__always)
    var integer: Int64 { Int64(bitPattern: payload) }
    @inline(__always)
    var double: Double { Double(bitPattern: payload) }
    @inline(__always)
    var handle: Int { Int(truncatingIfNeeded: payload) }
    @inline(__always)
    var unit: UInt16 { UInt16(truncatingIfNeeded: payload) }
    @inline(__always)
    var bytes: UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(
            start: UnsafeRawPointer(bitPattern: UInt(truncatingIfNeeded: payload)),
            count: payload == 0 ? 0 : Int(length))
    }

    @inline(__always)
    var isNull: Bool { tag == .null }
}
