import PorticoTestSupport
import Testing

@testable import PorticoGateway

/// Source: DESIGN "Compile": same spec, same bytes; a damaged or foreign file is refused with a clear error.
@Suite("Conformance: snapshots as files")
struct ConformanceSnapshotTests {
    private static let rich = spec(
        root: """
            x-amazon-apigateway-binary-media-types: ['image/*']
            x-amazon-apigateway-minimum-compression-size: 1000
            x-portico-stages: {dev: {variables: {v: one}}, prod: {variables: {v: two}}}
            x-amazon-apigateway-request-validators: {all: {validateRequestBody: true, validateRequestParameters: true}}
            x-amazon-apigateway-gateway-responses: {DEFAULT_4XX: {statusCode: '418', responseParameters:
              {gatewayresponse.header.X-Stage: stageVariables.v}}}
            components: {schemas: {Pet: {type: object, required: [name], properties: {name: {type: string, pattern: '^[a-z]+$'}}}}}
            """,
        [
            SpecOperation("GET /pets/{id}", mock("#foreach($i in [1..3])$i#end $input.params('id') $stageVariables.v")),
            SpecOperation(
                "POST /pets", mock("ok", request: "{\"statusCode\": 200}"),
                "x-amazon-apigateway-request-validator: all, requestBody: {content: {application/json: {schema: "
                    + "{$ref: '#/components/schemas/Pet'}}}}"),
            SpecOperation(
                "ANY /{proxy+}",
                "{type: mock, requestTemplates: {application/json: '{\"statusCode\": 404}'}, "
                    + "responses: {'4\\d{2}': \(response(404, "no $context.path"))}}", statuses: [404]),
        ])

    @Test("A snapshot that was written and read prints and answers as before")
    func roundTrip() async throws {
        let snapshot = try TestGateway.compile(Self.rich)
        let bytes = snapshot.encoded()
        #expect(try TestGateway.compile(Self.rich).encoded() == bytes)
        let read = try DeploymentSnapshot.decode(bytes)
        #expect(read.dump() == snapshot.dump())
        #expect(snapshot.dump().contains("== compression ==\nanswers from 1000 bytes\n"))
        #expect(read.encoded() == bytes)
        let rows = [
            ConformanceRow("6", "a template", "GET /dev/pets/7", 200, "123 7 one"),
            ConformanceRow("6", "another stage", "GET /prod/pets/7", 200, "123 7 two"),
            ConformanceRow("6", "a model", "POST /dev/pets", body: "{\"name\": \"tom\"}", 200, "ok"),
            ConformanceRow(
                "6", "a model's refusal", "POST /dev/pets", body: "{\"name\": \"7\"}", 418,
                message("Invalid request body"), shows: [("X-Stage", "one")]),
            ConformanceRow("6", "a pattern", "DELETE /prod/a/b", 404, "no /prod/a/b"),
            ConformanceRow(
                "6", "no route", "GET /prod", 418, message("Missing Authentication Token"), shows: [("X-Stage", "two")]),
        ]
        for served in [snapshot, read] {
            try await withGateway(spec([SpecOperation("GET /a", mock("a"))])) { gateway in
                await gateway.install(served)
                check(rows, on: gateway)
            }
        }
    }

    private static func isRefused(_ bytes: [UInt8]) -> Bool {
        do {
            _ = try DeploymentSnapshot.decode(bytes)
            return false
        } catch {
            return !error.description.isEmpty
        }
    }

    @Test("Every flipped bit of every byte is refused")
    func flips() throws {
        let bytes = try TestGateway.compile(spec([SpecOperation("GET /a/{b}", mock("$input.params('b')"))])).encoded()
        var damaged = bytes
        for index in bytes.indices {
            for mask in [UInt8(0x01), 0x80, 0xFF] {
                damaged[index] = bytes[index] ^ mask
                #expect(Self.isRefused(damaged), "byte \(index) with \(mask)")
            }
            damaged[index] = bytes[index]
        }
        #expect(!Self.isRefused(damaged))
    }

    @Test("Every truncation, and any tail, is refused")
    func truncations() throws {
        let bytes = try TestGateway.compile(spec([SpecOperation("GET /a/{b}", mock("$input.params('b')"))])).encoded()
        for length in bytes.indices { #expect(Self.isRefused(Array(bytes[..<length])), "\(length) bytes") }
        #expect(Self.isRefused(bytes + [0]))
        #expect(Self.isRefused(bytes + bytes))
    }

    @Test(
        "Foreign files are refused",
        arguments: ["", "hello", "{\"openapi\": \"3.0.1\"}", "\u{7F}ELF\u{2}\u{1}\u{1}\u{0}"])
    func foreign(_ text: String) {
        #expect(Self.isRefused(Array(text.utf8)))
    }

    @Test("Damage behind a good checksum is refused or answers, and never crashes")
    func resealed() async throws {
        let bytes = try TestGateway.compile(Self.rich).encoded()
        // Deterministic places all over the file, each with several values.
        var place = 32
        while place < bytes.count {
            for value in [UInt8(0), 0x01, 0x7F, 0xFF] {
                var damaged = bytes
                damaged[place] = value
                withUnsafeBytes(of: SnapshotFile.checksum(damaged).littleEndian) {
                    damaged.replaceSubrange(24..<32, with: $0)
                }
                if let snapshot = try? DeploymentSnapshot.decode(damaged) { _ = snapshot.dump() }
            }
            place += 1 + place % 7
        }
    }
}
