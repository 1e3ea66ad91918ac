// Hot: once per address of a request that a condition compares. Allocates: nothing.

/// An IP address.
///
/// An IPv4 address in IPv6's mapped form (`::ffff:10.0.0.1`) is the IPv4 address: a listener for both kinds reports
/// clients so, and a rule on `10.0.0.0/8` means them too.
struct PolicyAddress: Hashable {
    let isIPv6: Bool
    /// An IPv4 address is in the lowest four bytes.
    let value: UInt128

    /// Reads an address; `nil` when it is none.
    init?(_ text: UnsafeRawBufferPointer) {
        guard let (isIPv6, value) = Self.parse(text) else { return nil }
        if isIPv6, value >> 32 == Self.mappedPrefix {
            self.init(isIPv6: false, value & 0xFFFF_FFFF)
        } else {
            self.init(isIPv6: isIPv6, value)
        }
    }

    fileprivate init(isIPv6: Bool, _ value: UInt128) {
        self.isIPv6 = isIPv6
        self.value = value
    }

    /// What stands above an IPv4 address in mapped form.
    fileprivate static let mappedPrefix: UInt128 = 0xFFFF

    /// Number of bits.
    var width: Int { isIPv6 ? 128 : 32 }

    fileprivate static func parse(_ text: UnsafeRawBufferPointer) -> (isIPv6: Bool, value: UInt128)? {
        guard text.count >= 2, text.count <= 45 else { return nil }
        if text.contains(0x3A) { return ipv6(text).map { (true, $0) } }
        return ipv4(text).map { (false, UInt128($0)) }
    }

    /// Four numbers without leading zeros, which some programs read as octal.
    private static func ipv4(_ text: UnsafeRawBufferPointer) -> UInt32? {
        var value: UInt32 = 0
        var at = 0
        for part in 0..<4 {
            if part > 0 {
                guard at < text.count, text[at] == 0x2E else { return nil }
                at &+= 1
            }
            let start = at
            var number: UInt32 = 0
            while at < text.count, at &- start < 3, text[at] &- 0x30 < 10 {
                number = number &* 10 &+ UInt32(text[at] &- 0x30)
                at &+= 1
            }
            guard at > start, number < 256, at &- start == 1 || text[start] != 0x30 else { return nil }
            value = value &<< 8 | number
        }
        return at == text.count ? value : nil
    }

    /// *Source:* RFC 4291, section 2.2; without zones.
    private static func ipv6(_ text: UnsafeRawBufferPointer) -> UInt128? {
        var value: UInt128 = 0
        var groups = 0
        // How many groups stand before `::`.
        var gap: Int?
        var at = 0
        if text[0] == 0x3A {
            guard text[1] == 0x3A else { return nil }
            gap = 0
            at = 2
        }
        while at < text.count {
            guard groups < 8 else { return nil }
            let start = at
            var group: UInt128 = 0
            while at < text.count, at &- start < 4, let digit = hexadecimal(text[at]) {
                group = group &<< 4 | digit
                at &+= 1
            }
            guard at > start else { return nil }
            if at < text.count, text[at] == 0x2E {
                guard groups <= 6, let rest = ipv4(UnsafeRawBufferPointer(rebasing: text[start...])) else { return nil }
                value = value &<< 32 | UInt128(rest)
                groups &+= 2
                break
            }
            value = value &<< 16 | group
            groups &+= 1
            if at == text.count { break }
            guard text[at] == 0x3A, at &+ 1 < text.count else { return nil }
            at &+= 1
            if text[at] == 0x3A {
                guard gap == nil else { return nil }
                gap = groups
                at &+= 1
            }
        }
        guard let gap else { return groups == 8 ? value : nil }
        guard groups < 8 else { return nil }
        let behind = UInt128(groups &- gap) &* 16
        let low = value & (1 &<< behind &- 1)
        return gap == 0 ? low : (value &>> behind) &<< UInt128(128 &- gap &* 16) | low
    }

    @inline(__always)
    private static func hexadecimal(_ byte: UInt8) -> UInt128? {
        switch byte {
        case 0x30...0x39: UInt128(byte &- 0x30)
        case 0x41...0x46, 0x61...0x66: UInt128(byte | 0x20) &- 0x57
        default: nil
        }
    }
}

/// A block of addresses, or one.
struct PolicyNetwork: Hashable {
    /// The first address.
    let address: PolicyAddress
    /// Number of bits that all addresses share.
    let prefix: Int

    /// Reads `10.0.0.0/8`, `2001:db8::/32` or an address; bits beyond the prefix do not matter.
    init?(_ text: UnsafeRawBufferPointer) {
        let slash = text.firstIndex(of: 0x2F)
        guard
            let (isIPv6, value) = PolicyAddress.parse(
                UnsafeRawBufferPointer(rebasing: text[..<(slash ?? text.count)]))
        else { return nil }
        let width = isIPv6 ? 128 : 32
        var prefix = width
        if let slash {
            let digits = text[(slash + 1)...]
            guard (1...3).contains(digits.count), digits.allSatisfy({ $0 &- 0x30 < 10 }) else { return nil }
            prefix = digits.reduce(0) { $0 * 10 + Int($1 - 0x30) }
            guard prefix <= width, digits.count == 1 || digits.first != 0x30 else { return nil }
        }
        if isIPv6, value >> 32 == PolicyAddress.mappedPrefix, prefix >= 96 {
            self.init(PolicyAddress(isIPv6: false, value & 0xFFFF_FFFF), prefix: prefix - 96)
        } else {
            self.init(PolicyAddress(isIPv6: isIPv6, value), prefix: prefix)
        }
    }

    private init(_ address: PolicyAddress, prefix: Int) {
        let free = address.width - prefix
        self.prefix = prefix
        self.address = PolicyAddress(
            isIPv6: address.isIPv6, free == 128 ? 0 : (address.value >> UInt128(free)) << UInt128(free))
    }

    /// Reads a network of a program: its address in 4 or 16 bytes, first byte first.
    init(prefix: Int, bytes: UnsafeRawBufferPointer) {
        var value: UInt128 = 0
        for byte in bytes { value = value &<< 8 | UInt128(byte) }
        address = PolicyAddress(isIPv6: bytes.count == 16, value)
        self.prefix = prefix
    }

    /// The address as the program keeps it.
    var bytes: [UInt8] {
        (1...address.width / 8).map { UInt8(truncatingIfNeeded: address.value >> UInt128(address.width - $0 * 8)) }
    }

    /// Whether the address lies within.
    func contains(_ other: PolicyAddress) -> Bool {
        guard other.isIPv6 == address.isIPv6 else { return false }
        let free = address.width &- prefix
        return free == 128 || (other.value ^ address.value) >> UInt128(free) == 0
    }

    /// As a policy has it.
    var text: String {
        let groups =
            address.isIPv6
            ? stride(from: 112, through: 0, by: -16).map {
                String(UInt16(truncatingIfNeeded: address.value >> UInt128($0)), radix: 16)
            }.joined(separator: ":")
            : bytes.map { String($0) }.joined(separator: ".")
        return "\(groups)/\(prefix)"
    }
}
