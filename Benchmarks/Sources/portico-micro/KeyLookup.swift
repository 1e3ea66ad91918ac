import Measurement

@testable import PorticoGateway

/// Time of one look-up of an API key among 10, 1,000 and 10,000 keys: SHA-256 of 40 characters, table, comparison.
enum KeyLookup {
    static let lookups = 200_000
    static let runs = 5

    static func run() -> Bool {
        [10, 1_000, 10_000].map(run).allSatisfy { $0 }
    }

    private static func run(count: Int) -> Bool {
        let values = (0..<count).map { number in
            let digits = String(number)
            return Array((String(repeating: "k", count: 40 - digits.utf8.count) + digits).utf8)
        }
        let pool = BytePool()
        let table = KeyTable(
            values.map { value in
                (
                    value.withUnsafeBytes { APIKeyDigest(of: $0) },
                    ServingAPIKey(id: "", name: "", state: .noPlan, pool: pool)
                )
            })
        // Keys are asked for in an order that a cache cannot foresee, and every second one is unknown.
        let text = (0..<4_096).flatMap { number -> [UInt8] in
            var value = values[number &* 7_919 % count]
            if number % 2 == 1 { value[0] = 0x78 }
            return value
        }
        var found = 0
        let time = Measurement.median(runs: runs) {
            text.withUnsafeBytes { text in
                for index in 0..<lookups {
                    let start = (index & 4_095) * 40
                    if table.key(of: UnsafeRawBufferPointer(rebasing: text[start..<start + 40])) != nil { found += 1 }
                }
            }
        }
        let isFast = Measurement.report(
            "API key look-up among \(count)", time / Double(lookups), "ns", limit: 1_000)
        return isFast && found == lookups / 2 * (runs + 1)
    }
}
