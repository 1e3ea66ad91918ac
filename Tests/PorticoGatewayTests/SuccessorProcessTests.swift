import Testing

@testable import PorticoGateway

@Suite("SuccessorProcess")
struct SuccessorProcessTests {
    @Test("names its descriptors from 3 on, and reads what it has written")
    func text() throws {
        var listeners = InheritedListeners()
        listeners.data = [20, 31]
        listeners.tls = [9, 8]
        listeners.admin = [100]
        let text = SuccessorProcess.text(listeners)
        #expect(text == "data:3,4;tls:5,6;admin:7;ready:8")
        let read = try #require(SuccessorProcess.parse(text))
        #expect(read.listeners.data == [3, 4])
        #expect(read.listeners.tls == [5, 6])
        #expect(read.listeners.admin == [7])
        #expect(read.listeners.isHandover)
        #expect(read.readiness == 8)
        #expect(SuccessorProcess.text(InheritedListeners()) == "ready:3")
    }

    @Test(
        "refuses what it has not written",
        arguments: [
            "", "data:3", "data:3;ready:", "data:2;ready:4", "data:3,3;ready:4", "data:3;data:4;ready:5",
            "data:3;ready:3", "data:3;ready:4,5", "data:3;ready:4;ready:5", "web:3;ready:4", "data;ready:4",
            "data:-3;ready:4", "data:99999999999;ready:4", "data:3;ready:4;",
        ])
    func mistakes(text: String) { #expect(SuccessorProcess.parse(text) == nil) }
}
