/// The tables in words.
enum ConformanceDocument {
    static func text() -> String {
        let categories = FrameCategory.all + FrameCategory.withBinary
        let count = categories.reduce(0) { $0 + $1.cases.count }
        var text = """
            # Conformance of WebSocket connections

            What Portico is tested with against RFC 6455: \(count) conversations over raw sockets, and \
            \(HandshakeCase.all.count) handshakes.
            Each conversation is held three times: with all bytes in one piece, with each frame by itself, and byte by byte; what comes back is the same.
            The API behind them answers each message with itself, and an empty one with `{}`, which `$input.body` is then; pongs may stand between other answers wherever they like.
            Sections are those of RFC 6455; 2.3 and 2.6 are of API Gateway's limits: frames of 32 KB, messages of 128 KB, no bytes.
            `PORTICO_UPDATE_GOLDEN=1 swift test --filter FrameConformanceTests` writes this page from the tables in `Tests/PorticoGatewayTests/WebSocket/Conformance`.

            Beside these tables, streams of frames by chance are held against a reader written as plainly as the RFC says it (`FrameStreamTests`, and `scripts/fuzz websocket`), and the clients `websockets`, `wsproto`, `aiohttp`, `curl` and Chromium talk to Portico (`ForeignClientTests`).

            | part | cases |
            |---|---|
            | [Handshakes](#handshakes) | \(HandshakeCase.all.count) |

            """
        for category in categories {
            text += "| [\(category.title)](#\(anchor(category.title))) | \(category.cases.count) |\n"
        }
        text += "\n## Handshakes\n\nA request that asks for a connection, and the status it is answered with.\n\n"
        text += "| request | status | source |\n|---|---|---|\n"
        for row in HandshakeCase.all { text += "| \(cell(row.name)) | \(row.status) | \(row.source) |\n" }
        for category in categories {
            text += "\n## \(category.title)\n\n\(category.summary)\n\n"
            text += "| id | case | sent | comes back | section |\n|---|---|---|---|---|\n"
            for row in category.cases {
                text += "| \(row.id) | \(cell(row.name)) | \(cell(shortened(row.sends))) "
                text += "| \(cell(shortened(row.answers))) | \(row.source) |\n"
            }
        }
        return text
    }

    /// A few of many.
    private static func shortened<Item: CustomStringConvertible>(_ items: [Item]) -> String {
        guard items.count > 8 else { return items.map(\.description).joined(separator: ", ") }
        let ends = items.prefix(2) + items.suffix(2)
        let shown = ends.map(\.description)
        return "\(items.count) frames: \(shown[0]), \(shown[1]), …, \(shown[2]), \(shown[3])"
    }

    private static func cell(_ text: String) -> String {
        var cell = ""
        for character in text {
            switch character {
            case "|", "\\", "<", "*": cell += "\\" + String(character)
            case "\n", "\r": cell += " "
            default: cell.append(character)
            }
        }
        return cell
    }

    private static func anchor(_ title: String) -> String {
        title.lowercased().map { $0 == " " ? "-" : String($0) }.joined()
    }
}
