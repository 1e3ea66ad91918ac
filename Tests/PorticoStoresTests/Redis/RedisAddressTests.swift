import PorticoStores
import Testing

@Suite("URLs of shared stores")
struct RedisAddressTests {
    @Test("A URL says host, port, database, user, password and prefix")
    func parts() throws {
        let plain = try RedisAddress(url: "redis://localhost")
        #expect(plain.host == "localhost" && plain.port == 6379 && plain.database == 0 && plain.prefix == "portico")
        #expect(plain.user == nil && plain.password == nil && !plain.isEncrypted)
        let full = try RedisAddress(url: "REDISS://us%40er:p%3aw/@x@[::1]:6380/7?prefix=a%26b&ca=/x.pem")
        #expect(full.host == "::1" && full.port == 6380 && full.database == 7 && full.prefix == "a&b")
        #expect(full.user == "us@er" && full.password == "p:w/@x" && full.isEncrypted)
        #expect(full.trustedCertificates == "/x.pem")
        #expect(full.description == "rediss://[::1]:6380/7")
        #expect(try RedisAddress(url: "valkey://:secret@h/").password == "secret")
        #expect(try RedisAddress(url: "redis://:@h").password == "")
    }

    @Test(
        "What is no such URL is refused in words without its password",
        arguments: [
            "", "localhost:6379", "http://h", "redis://", "redis://:secret@", "redis://secret@h", "redis://h:0",
            "redis://h:x",
            "redis://h:65536", "redis://h/x", "redis://h/-1", "redis://h/70000", "redis://[::1", "redis://[::1]x",
            "redis://h?color=red", "redis://h?prefix=", "redis://h?ca=/x", "redis://h#x", "redis://:secret%4@h",
            "redis://a b",
        ])
    func refusals(_ url: String) {
        do {
            let address = try RedisAddress(url: url)
            Issue.record("\(url) is taken for \(address)")
        } catch {
            #expect(!"\(error)".contains("secret"))
            #expect("\(error)".hasPrefix("no URL of a shared store: "))
        }
    }
}
