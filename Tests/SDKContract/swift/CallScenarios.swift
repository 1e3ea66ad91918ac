import ContractSDK
import Foundation

/// Calls that succeed.
let callScenarios: Scenarios = [
    ("calls.created", { .string(try await Subject().client.createThing(body: .init(name: "n")).name) }),
    (
        "calls.several",
        {
            let client = Subject().client
            var results: [JSON] = []
            for id in ["x", "new", "later"] {
                let answer = try await client.putThingResponse(id: id, body: .init(id: "q"))
                results.append(["status": .integer(Int64(answer.status)), "id": text(answer.value?.id)])
            }
            return .array(results)
        }
    ),
    (
        "calls.nothing",
        {
            let client = Subject().client
            return [
                .integer(Int64(try await client.deleteThingResponse(id: "x").status)),
                .integer(Int64(try await client.headThingResponse(id: "x").status)),
            ]
        }
    ),
    (
        "calls.raw",
        {
            let answer = try await Subject().client.getThingResponse(id: "x")
            guard case .object(var result) = thing(answer.value) else { return nil }
            result["status"] = .integer(Int64(answer.status))
            result["type"] = text(answer.headers["CONTENT-TYPE"])
            result["requestId"] = .boolean(answer.requestID != nil)
            result["wire"] = text(answer.body)
            return .object(result)
        }
    ),
    (
        "calls.header-twice",
        {
            let headers = try await Subject().client.readHeadersResponse().headers
            return ["multi": text(headers["X-Multi"]), "single": text(headers["X-Single"])]
        }
    ),
    ("calls.deprecated", { .string(try await (Subject().client as any OldCalls).callOld()) }),
    (
        "calls.concurrent",
        {
            let client = Subject().client
            return try await withThrowingTaskGroup(of: Bool.self) { group in
                for number in 0..<20 {
                    group.addTask { try await client.getThing(id: "t\(number)").id == "t\(number)" }
                }
                var count = 0
                for try await isOwn in group where isOwn { count += 1 }
                return .integer(Int64(count))
            }
        }
    ),
    (
        "calls.addresses",
        {
            let endpoints: [Contract.Endpoint] = [
                .api(id: "abc123", region: "eu-central-1", stage: "prod"),
                .api(id: "abc123", region: "cn-north-1", stage: "prod"), .domain("api.example.com"),
                .domain("api.example.com", basePath: "v1"),
            ]
            return list(endpoints.map { Contract.Client(endpoint: $0).configuration.endpoint.baseURL })
        }
    ),
]

/// Reaches a deprecated operation without the warning that everybody else should get.
private protocol OldCalls {
    func callOld() async throws -> String
}

extension Contract.Client: OldCalls {
    @available(*, deprecated)
    fileprivate func callOld() async throws -> String { try await callDeprecated().id }
}
