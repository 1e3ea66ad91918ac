import PorticoIR
import Testing

@testable import PorticoGateway

/// Settings of tracing that come from the environment.
@Suite("Tracing from the environment")
struct TracingEnvironmentTests {
    @Test("nothing in the environment leaves what there is")
    func nothing() {
        #expect(TracingEnvironment.apply([:], to: nil).settings == nil)
        #expect(
            TracingEnvironment.apply(["OTEL_SERVICE_NAME": "a", "AWS_XRAY_DAEMON_ADDRESS": ""], to: nil).settings == nil
        )
        var settings = TracingSettings()
        settings.xray = XRayDestination()
        #expect(TracingEnvironment.apply([:], to: settings).settings == settings)
    }

    @Test(
        "the address of the daemon counts more than the document's",
        arguments: [
            ("10.0.0.1:3000", "10.0.0.1", 3000), ("xray:2000", "xray", 2000),
            ("tcp:127.0.0.1:2001 udp:127.0.0.2:2002", "127.0.0.2", 2002),
            ("udp:127.0.0.2:2002 tcp:127.0.0.1:2001", "127.0.0.2", 2002),
        ])
    func daemon(_ text: String, _ host: String, _ port: Int) {
        var settings = TracingSettings()
        settings.xray = XRayDestination()
        let (result, problems) = TracingEnvironment.apply(["AWS_XRAY_DAEMON_ADDRESS": text], to: settings)
        #expect(result?.xray == XRayDestination(host: host, port: port))
        #expect(problems.isEmpty)
    }

    @Test(
        "an address that is none is said, and counts as absent",
        arguments: ["a b", "tcp:127.0.0.1:1", "http://a", "tcp:a:1 tcp:b:2"])
    func noDaemon(_ text: String) {
        let (result, problems) = TracingEnvironment.apply(["AWS_XRAY_DAEMON_ADDRESS": text], to: nil)
        #expect(result == nil)
        #expect(problems.count == 1)
    }

    @Test("OpenTelemetry's variables make a destination, or change the one that is there")
    func collector() throws {
        let variables = [
            "OTEL_EXPORTER_OTLP_ENDPOINT": "http://collector:4318/x",
            "OTEL_EXPORTER_OTLP_HEADERS": "api-key = a%3Db , X=%2C",
            "OTEL_RESOURCE_ATTRIBUTES": "deployment.environment.name=test,service.name=from-list",
        ]
        let (made, problems) = TracingEnvironment.apply(variables, to: nil)
        #expect(problems == [])
        let otlp = try #require(made?.otlp)
        #expect(otlp.endpoint.host == "collector" && otlp.requestPath == "/x/v1/traces")
        #expect(otlp.headers == [NamedText("api-key", "a=b"), NamedText("X", ",")])
        #expect(otlp.serviceName == "from-list")
        #expect(otlp.resourceAttributes.first == NamedText("deployment.environment.name", "test"))

        var settings = TracingSettings()
        var destination = OTLPDestination(endpoint: try #require(CollectorAddress("https://old")))
        destination.headers = [NamedText("Api-Key", "old"), NamedText("other", "1")]
        destination.serviceName = "document"
        destination.queueSize = 7
        settings.otlp = destination
        let changed = TracingEnvironment.apply(
            variables.merging(["OTEL_SERVICE_NAME": "named"]) { $1 }, to: settings)
        let result = try #require(changed.settings?.otlp)
        #expect(result.endpoint.host == "collector" && result.queueSize == 7 && result.serviceName == "named")
        #expect(result.headers == [NamedText("other", "1"), NamedText("api-key", "a=b"), NamedText("X", ",")])
    }

    @Test("what is wrong is said without the value, which may be a secret")
    func wrong() {
        let variables = [
            "OTEL_EXPORTER_OTLP_ENDPOINT": "http://c", "OTEL_EXPORTER_OTLP_HEADERS": "secret,a=%zz,b c=1,d=%0A,ok=1",
            "OTEL_RESOURCE_ATTRIBUTES": "=secret",
        ]
        let (settings, problems) = TracingEnvironment.apply(variables, to: nil)
        #expect(settings?.otlp?.headers == [NamedText("ok", "1")])
        #expect(problems.count == 5)
        #expect(problems.allSatisfy { !$0.contains("secret") && $0.contains("OTEL_") })
        let none = TracingEnvironment.apply(["OTEL_EXPORTER_OTLP_ENDPOINT": "collector:4318"], to: nil)
        #expect(none.settings == nil && none.problems.count == 1)
    }
}
