import PorticoGateway
import PorticoSyntax

/// The routes of a snapshot as a table for people and as JSON for programs.
enum RouteListing {
    static func table(_ snapshot: DeploymentSnapshot, indentation: String = "") -> String {
        var table = TextTable()
        table.indentation = indentation
        for route in snapshot.routeSummaries {
            table.add(
                route.verb, route.path, route.integration,
                route.authorization == "NONE" ? "" : "[\(route.authorization)]")
        }
        return table.text
    }

    static func json(_ snapshot: DeploymentSnapshot) -> JSONValue {
        .array(
            snapshot.routeSummaries.map { route in
                .object([
                    JSONMember("method", .string(route.verb)),
                    JSONMember("path", .string(route.path)),
                    JSONMember("integration", .string(route.integration)),
                    JSONMember("authorization", .string(route.authorization)),
                ])
            })
    }
}
