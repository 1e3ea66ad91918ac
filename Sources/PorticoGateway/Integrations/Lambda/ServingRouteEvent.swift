// Hot: read once per call of a function behind a route. Allocates: only when a snapshot is put into service.

internal import PorticoIR
internal import PorticoPrograms

/// What is the same in all events of one route of an HTTP API in one stage, as JSON text.
///
/// Source: reference, "Lambda payload 2.0" (1.3) and "Lambda payload 1.0" (1.4). The order of members is theirs.
final class ServingRouteEvent: Sendable {
    let format: PayloadFormat
    /// `"routeKey":"GET /pets","rawPath":` of 2.0; `"resource":"/pets","path":` of 1.0.
    let route: StaticBytes
    /// `"name":` of each path parameter.
    let parameterNames: [StaticBytes]
    /// `"accountId":"...","apiId":"..."`
    let api: StaticBytes
    /// `"routeKey":"GET /pets","stage":"$default","time":"` of 2.0; `"resourceId":null,"resourcePath":"/pets","stage":"..."`
    /// of 1.0.
    let stage: StaticBytes
    /// `{"name":"value"}`; empty without stage variables.
    let stageVariables: StaticBytes

    init(format: PayloadFormat, routeKey: String, path: String, parameterNames: [String], builder: StageProgramBuilder)
    {
        self.format = format
        let pool = builder.pool
        let identity = builder.snapshot.identity
        let key = Self.quoted(routeKey)
        let resource = Self.quoted(path)
        let stageName = Self.quoted(builder.stage.name)
        self.parameterNames = parameterNames.map { pool.add(Self.quoted($0) + ":") }
        api = pool.add("\"accountId\":\(Self.quoted(identity.accountID)),\"apiId\":\(Self.quoted(identity.apiID))")
        if format == .http2 {
            route = pool.add("\"routeKey\":\(key),\"rawPath\":")
            stage = pool.add("\"routeKey\":\(key),\"stage\":\(stageName),\"time\":\"")
        } else {
            route = pool.add("\"resource\":\(resource),\"path\":")
            stage = pool.add("\"resourceId\":null,\"resourcePath\":\(resource),\"stage\":\(stageName)")
        }
        let members = zip(builder.snapshot.symbols.stageVariables, builder.stage.variables).compactMap { name, value in
            value.map { "\(Self.quoted(name)):\(Self.quoted($0))" }
        }
        stageVariables = members.isEmpty ? .empty : pool.add("{\(members.joined(separator: ","))}")
    }

    private static func quoted(_ text: String) -> String {
        let output = OutputBuffer(capacity: text.utf8.count &+ 16)
        JSONText.appendQuoted(text, into: output)
        return String(decoding: output.bytes, as: UTF8.self)
    }
}
