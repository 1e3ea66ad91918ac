import ContractSDK
import Foundation

/// Paging.
let pagingScenarios: Scenarios = [
    ("paging.items", { try await ids(Subject().client.listThingsPages()) }),
    (
        "paging.pages",
        {
            var counts: [JSON] = []
            for try await page in Subject().client.listThingsPages(limit: 2) {
                counts.append(.integer(Int64(page.things.count)))
            }
            return .array(counts)
        }
    ),
    (
        "paging.lazy",
        {
            let subject = Subject()
            for try await thing in subject.client.listThingsPages().items {
                return ["id": .string(thing.id), "attempts": await subject.attempts]
            }
            return nil
        }
    ),
    (
        "paging.loop",
        {
            let subject = Subject()
            return try await subject.failure { _ = try await ids(subject.client.listThingsPages(mode: "loop")) }
        }
    ),
    ("paging.resume", { try await ids(Subject().client.listThingsPages(token: "page 2&more")) }),
]

private func ids(_ pages: Contract.Pages<Contract.ThingPage, Contract.Thing>) async throws -> JSON {
    var ids: [JSON] = []
    for try await thing in pages.items { ids.append(.string(thing.id)) }
    return .array(ids)
}
