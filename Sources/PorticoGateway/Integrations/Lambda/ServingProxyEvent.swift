// Hot: read once per call of a Lambda proxy. Allocates: only when a snapshot is put into service.

internal import PorticoIR
internal import PorticoPrograms

/// What is the same in all events of one method in one stage, as JSON text.
///
/// Source: reference, "Event" (5.1). The order of members is that of the recording.
final class ServingProxyEvent: Sendable {
    /// `{"resource":"/{proxy+}","path":`
    let opening: StaticBytes
    /// The same within the event of an authorizer: `,"resource":"/{proxy+}","path":`
    let requestOpening: StaticBytes
    /// `"name":` of each path parameter.
    let parameterNames: [StaticBytes]
    /// `,"stageVariables":null,"requestContext":{"resourceId":"...","resourcePath":"...","httpMethod":`
    let requestContext: StaticBytes
    /// `,"accountId":"...","protocol":"HTTP/1.1","stage":"...","domainPrefix":"...","requestTimeEpoch":`
    let stage: StaticBytes
    /// `,"domainName":"...","deploymentId":"...","apiId":"..."}`
    let closing: StaticBytes
    /// What goes around the domain where it is the request's: `,"accountId":...,"domainPrefix":` and
    /// `,"deploymentId":"...","apiId":"..."}`
    let domainOpening: StaticBytes
    let domainClosing: StaticBytes
    /// Whether `identity` has the members of an API key. Source: reference 5.1, `requestContext.identity`.
    let needsAPIKey: Bool

    init(
        resourceID: String, resourcePath: String, parameterNames: [String], needsAPIKey: Bool,
        builder: StageProgramBuilder
    ) {
        let identity = builder.snapshot.identity
        let pool = builder.pool
        self.needsAPIKey = needsAPIKey
        self.parameterNames = parameterNames.map { pool.add(Self.quoted($0) + ":") }
        self.opening = pool.add("{\"resource\":\(Self.quoted(resourcePath)),\"path\":")
        requestOpening = pool.add(",\"resource\":\(Self.quoted(resourcePath)),\"path\":")
        requestContext = pool.add(
            ",\"stageVariables\":\(Self.variables(builder)),\"requestContext\":{\"resourceId\":"
                + "\(Self.quoted(resourceID)),\"resourcePath\":\(Self.quoted(resourcePath)),\"httpMethod\":")
        let opening =
            ",\"accountId\":\(Self.quoted(identity.accountID)),\"protocol\":\"HTTP/1.1\",\"stage\":"
            + "\(Self.quoted(builder.stage.name)),\"domainPrefix\":"
        let closing =
            ",\"deploymentId\":\(Self.quoted(identity.deploymentID)),\"apiId\":\(Self.quoted(identity.apiID))}"
        stage = pool.add("\(opening)\(Self.quoted(identity.apiID)),\"requestTimeEpoch\":")
        self.closing = pool.add(",\"domainName\":\(Self.quoted(identity.domainName))\(closing)")
        domainOpening = pool.add(opening)
        domainClosing = pool.add(closing)
    }

    /// The stage's variables; `null` without any.
    private static func variables(_ builder: StageProgramBuilder) -> String {
        let members = zip(builder.snapshot.symbols.stageVariables, builder.stage.variables).compactMap { name, value in
            value.map { "\(quoted(name)):\(quoted($0))" }
        }
        return members.isEmpty ? "null" : "{\(members.joined(separator: ","))}"
    }

    private static func quoted(_ text: String) -> String {
        let output = OutputBuffer(capacity: text.utf8.count &+ 16)
        JSONText.appendQuoted(text, into: output)
        return String(decoding: output.bytes, as: UTF8.self)
    }
}
