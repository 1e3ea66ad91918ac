import FoundationEssentials
import PorticoTestSupport
import Testing

@testable import PorticoGateway

@Suite("Dashboard: page")
struct DashboardPageTests {
    @Test("style and script stand in the document, and the policy has their digests")
    func policy() {
        let page = DashboardPage(html: "<style>/*STYLE*/</style><script>/*SCRIPT*/</script>", css: "", js: "abc")
        #expect(String(decoding: page.html, as: UTF8.self) == "<style></style><script>abc</script>")
        // The digests of no bytes and of `abc`. Source: FIPS 180-4, examples.
        #expect(page.contentSecurityPolicy.contains("style-src 'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='"))
        #expect(page.contentSecurityPolicy.contains("script-src 'sha256-ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0='"))
        #expect(page.contentSecurityPolicy.hasPrefix("default-src 'none'; "))
    }

    @Test("a mark within the style is not taken for the script's place")
    func marks() {
        let page = DashboardPage(html: "<a>/*STYLE*/</a>", css: "b", js: "c")
        #expect(String(decoding: page.html, as: UTF8.self) == "<a>b</a>")
    }

    @Test("the embedded page is whole and asks for nothing else")
    func embedded() {
        let text = String(decoding: DashboardPage.embedded.html, as: UTF8.self)
        #expect(text.hasPrefix("<!doctype html>"))
        #expect(text.hasSuffix("</html>\n"))
        #expect(!text.contains(DashboardPage.styleMark) && !text.contains(DashboardPage.scriptMark))
        // The one address is the name space of SVG, which nobody asks for.
        let addresses = text.split(separator: "http").dropFirst().filter { $0.hasPrefix("://") || $0.hasPrefix("s://") }
        #expect(addresses.allSatisfy { $0.hasPrefix("://www.w3.org/") })
        #expect(!text.contains("<link rel=\"stylesheet\"") && !text.contains(" src=\""))
        #expect(!text.contains("innerHTML") && !text.contains(" style=\""))
    }

    @Test("every file of the script is embedded; if not, name it in Sources/CDashboard/Page.c")
    func files() throws {
        let text = String(decoding: DashboardPage.embedded.html, as: UTF8.self)
        let folder = "Sources/PorticoGateway/Dashboard/Page"
        let scripts = try FileManager.default.contentsOfDirectory(atPath: "\(GoldenFile.packageRoot)/\(folder)/Script")
            .filter { $0.hasSuffix(".js") }
        #expect(scripts.count > 10)
        for path in scripts.map({ "Script/\($0)" }) + ["dashboard.css"] {
            let file = try GoldenFile.read("\(folder)/\(path)")
            #expect(text.contains(file), "\(path)")
        }
    }

    @Test("no file has what would end its element")
    func elements() {
        let text = String(decoding: DashboardPage.embedded.html, as: UTF8.self)
        #expect(text.split(separator: "</script", omittingEmptySubsequences: false).count == 2)
        #expect(text.split(separator: "</style", omittingEmptySubsequences: false).count == 2)
    }
}
