import ContractSDK
import Foundation

private let someTime = Date(timeIntervalSince1970: 1_709_251_199.5)
private let someDay = Contract.CalendarDate(year: 2024, month: 2, day: 29)

/// What is on the wire.
let wireScenarios: Scenarios = [
    (
        "wire.path",
        {
            let client = Subject(Surroundings.echo).client
            return .string(try await client.callPath(segment: "a b/c%ü~.-_!*'()", rest: "x/y z/%/ü?#").target)
        }
    ),
    (
        "wire.path-empty",
        {
            let subject = Subject(Surroundings.echo)
            return [
                try await subject.failure { _ = try await subject.client.callPath(segment: "", rest: "x") },
                try await subject.failure { _ = try await subject.client.callPath(segment: "x", rest: "") },
            ]
        }
    ),
    (
        "wire.path-typed",
        {
            guard let someDay else { return nil }
            let client = Subject(Surroundings.echo).client
            return .string(try await client.callTypedPath(count: .max, day: someDay, color: .darkBlue).target)
        }
    ),
    (
        "wire.base-slash",
        {
            let client = Subject(Surroundings.echo + "/").client
            return .string(try await client.callPath(segment: "a", rest: "b").target)
        }
    ),
    (
        "wire.query",
        {
            let echo = try await Subject(Surroundings.echo).client.callQuery(
                text: "a b+c&d=e/f?ü'()*!~", flag: false, count: -1, ratio: 0.5, when: someTime, day: someDay,
                color: .darkBlue, tags: ["a", "b&c", ""], commas: ["a", "b c"], blanks: ["a", "b"], pipes: [1, 2],
                filterName: "x")
            return .string(echo.target)
        }
    ),
    ("wire.query-none", { .string(try await Subject(Surroundings.echo).client.callQuery().target) }),
    (
        "wire.query-empty",
        {
            .string(try await Subject(Surroundings.echo).client.callQuery(text: "", tags: [], commas: []).target)
        }
    ),
    (
        "wire.headers",
        {
            let echo = try await Subject(Surroundings.echo).client.callHeaders(
                xRequired: "a  b", xFlag: true, xCount: .min, xTags: ["a", "b c"])
            return [
                "required": echo.header("x-required"), "flag": echo.header("x-flag"), "count": echo.header("x-count"),
                "tags": echo.header("x-tags"),
            ]
        }
    ),
    (
        "wire.header-break",
        {
            let subject = Subject(Surroundings.echo)
            return [
                try await subject.failure { _ = try await subject.client.callHeaders(xRequired: "a\r\nX-Evil: 1") },
                try await subject.failure { _ = try await subject.client.callHeaders(xRequired: "a\nb") },
            ]
        }
    ),
    (
        "wire.any",
        {
            let client = Subject(Surroundings.echo).client
            let echoes = [
                try await client.callAny(.patch, id: "x", body: .init(id: "y")),
                try await client.callAny(.delete, id: "x"),
            ]
            return .array(
                echoes.map { echo in
                    ["method": .string(echo.method), "type": echo.header("content-type"), "wire": text(echo.body)]
                })
        }
    ),
    ("wire.user-agent", { try await Subject(Surroundings.echo).client.callQuery().header("user-agent") }),
    (
        "wire.accept",
        {
            let client = Subject(Surroundings.echo).client
            return [
                text(try await client.callQueryResponse().headers["x-contract-accept"]),
                text(try await client.echoTextResponse(body: "x").headers["x-contract-accept"]),
                text(try await client.downloadResponse(size: 1).headers["x-contract-accept"]),
            ]
        }
    ),
    ("wire.text", { .string(try await Subject().client.echoText(body: "Grüße\n\"quoted\" \\ 😀")) }),
    (
        "wire.upload",
        {
            base64(try await Subject().client.uploadBytes(body: .init(Data(0...255))).data)
        }
    ),
    (
        "wire.upload-stream",
        {
            let pieces = (0..<4).map { Data(repeating: UInt8($0), count: 65536) }
            let stream = AsyncStream<Data> { continuation in
                for piece in pieces { continuation.yield(piece) }
                continuation.finish()
            }
            let echo = try await Subject(Surroundings.echo).client.streamBytes(body: .init(stream: stream))
            return [
                "size": .integer(Int64(echo.body.count)), "same": .boolean(echo.body == pieces.reduce(Data(), +)),
                "encoding": echo.header("transfer-encoding"), "type": echo.header("content-type"),
            ]
        }
    ),
    (
        "wire.upload-retried",
        {
            let subject = Subject(Surroundings.echo + "/flaky")
            let echo = try await subject.client.streamBytes(
                body: .init(Data([1, 2, 3])), options: .init(idempotencyKey: "k"))
            return ["body": base64(echo.body), "attempts": await subject.attempts]
        }
    ),
    (
        "wire.upload-stream-not-retried",
        {
            let subject = Subject(Surroundings.echo + "/flaky")
            let stream = AsyncStream<Data> { continuation in
                continuation.yield(Data([1, 2, 3]))
                continuation.finish()
            }
            let result = try await subject.failure {
                _ = try await subject.client.streamBytes(
                    body: .init(stream: stream), options: .init(idempotencyKey: "k"))
            }
            return ["result": result, "attempts": await subject.attempts]
        }
    ),
    ("wire.download", { base64(try await Subject(Surroundings.echo).client.download(size: 256)) }),
    (
        "wire.download-stream",
        {
            let client = Subject(Surroundings.echo).client
            let answer = try await client.downloadStream(size: 1_000_000, hold: "gate")
            var (size, sum, isOpened) = (0, 0, false)
            for try await chunk in answer.value {
                size += chunk.count
                sum += chunk.reduce(0) { $0 + Int($1) }
                if !isOpened { try await client.openGate(name: "gate") }
                isOpened = true
            }
            return ["size": .integer(Int64(size)), "sum": .integer(Int64(sum))]
        }
    ),
    (
        "wire.download-error",
        {
            let subject = Subject(Surroundings.gateway + "/nothing")
            return try await subject.failure { _ = try await subject.client.downloadStream(size: 1) }
        }
    ),
    (
        "wire.download-broken",
        {
            let subject = Subject(Surroundings.echo + "/truncated")
            let answer = try await subject.client.downloadStream(size: 1000)
            return try await subject.failure { for try await _ in answer.value {} }
        }
    ),
]
