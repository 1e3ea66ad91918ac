import ContractSDK
import Foundation

/// Values of every kind, there and back.
let valueScenarios: Scenarios = [
    (
        "values.scalars",
        {
            try await scalars(
                Contract.Scalars(
                    text: "A ü 😀 \" \\ / \n \0 </script> \u{2028}", flag: true, small: .max, big: .max,
                    whole: 9_007_199_254_740_991, ratio: 0.1, when: Date(timeIntervalSince1970: 1_709_251_199.12),
                    day: day("2024-02-29"), data: Data([0, 255, 254]), color: .darkBlue))
        }
    ),
    (
        "values.least",
        {
            try await scalars(
                Contract.Scalars(
                    text: "", flag: false, small: .min, big: .min, whole: -9_007_199_254_740_991, ratio: -1.5e300,
                    when: Date(timeIntervalSince1970: 0), day: day("1970-01-01"), data: Data(), color: "ultraviolet"))
        }
    ),
    ("values.unknown", { try await scalars(Subject().client.readScalars()) }),
    (
        "values.times",
        {
            let times = try await Subject().client.readTimes()
            return [
                "times": .array(times.times.map(milliseconds)),
                "days": .array(times.days.map { .string($0.description) }),
            ]
        }
    ),
    (
        "values.nullable-write",
        {
            let values = [
                Contract.Nullables(must: nil),
                Contract.Nullables(must: nil, may: .null, number: .null, thing: .null),
                Contract.Nullables(
                    must: "m", plain: "p", may: .value(""), number: .value(0), thing: .value(.init(id: "t"))),
            ]
            var results: [JSON] = []
            for value in values {
                results.append(["wire": text(try await Subject().client.echoNullablesResponse(body: value).body)])
            }
            return .array(results)
        }
    ),
    (
        "values.nullable-read",
        {
            var results: [JSON] = []
            for kind in ["absent", "null", "value"] {
                let value = try await Subject().client.readNullables(state: kind)
                results.append([
                    "must": value.must == nil ? "null" : "value", "plain": value.plain == nil ? "absent" : "value",
                    "may": state(value.may), "number": state(value.number), "thing": state(value.thing),
                ])
            }
            return .array(results)
        }
    ),
    (
        "values.open",
        {
            let answer = try await Subject().client.echoOpenResponse(
                body: .init(
                    name: "n", loose: ["list": [1, 0.5, nil, "t", true], "big": .integer(.max)],
                    additionalProperties: ["extra": .max, "more": -1]))
            let value = answer.value
            return [
                "wire": text(answer.body), "name": .string(value.name),
                "extra": text(value.additionalProperties["extra"].map { String($0) }),
                "names": list(value.additionalProperties.keys.sorted()),
            ]
        }
    ),
    (
        "values.collections",
        {
            let answer = try await Subject().client.echoCollectionsResponse(
                body: .init(
                    matrix: [[1, 2], [], [3]], labels: ["a": "b", "": "c d"],
                    groups: ["g": [.init(id: "x", count: 1)], "h": []], colors: [.red, .darkBlue, "infrared"],
                    maybes: ["a", nil], days: ["d": day("2024-02-29")]))
            let value = answer.value
            return [
                "wire": text(answer.body),
                "matrix": .array((value.matrix ?? []).map { .array($0.map { .integer(Int64($0)) }) }),
                "maybes": .array((value.maybes ?? []).map { text($0) }),
                "colors": list((value.colors ?? []).map(\.rawValue)), "day": text(value.days?["d"]?.description),
            ]
        }
    ),
    (
        "values.empty",
        {
            let answer = try await Subject().client.echoCollectionsResponse(body: .init())
            return [
                "wire": text(answer.body), "matrix": answer.value.matrix == nil ? nil : "there",
                "labels": answer.value.labels == nil ? nil : "there",
            ]
        }
    ),
    (
        "values.tree",
        {
            let answer = try await Subject().client.echoTreeResponse(
                body: .init(
                    value: 1, next: .init(value: 2, next: .init(value: 3)),
                    children: [.init(value: 4), .init(value: 5, children: [])]))
            return ["wire": text(answer.body), "deep": .integer(Int64(answer.value.next?.next?.value ?? 0))]
        }
    ),
    (
        "values.merged",
        {
            let answer = try await Subject().client.echoMergedResponse(body: .init(id: "i", name: "n", count: 2))
            return [
                "wire": text(answer.body), "id": .string(answer.value.id),
                "count": answer.value.count.map { .integer(Int64($0)) } ?? nil, "name": .string(answer.value.name),
            ]
        }
    ),
    (
        "values.shapes-write",
        {
            try await shapes([
                .circle(.init(kind: "circle", radius: 1.5)), .circle(.init(kind: "round", radius: 0.5)),
                .square(.init(side: 3)),
            ])
        }
    ),
    ("values.shapes-read", { try await shapes(Subject().client.readShapes()) }),
    (
        "values.answers-write",
        {
            try await answers([
                .string("t"), .integer(.min), .boolean(false), .list(["x"]), .circle(.init(kind: "k", radius: 0.25)),
                .problem(.init(code: "c", message: "m")),
            ])
        }
    ),
    ("values.answers-read", { try await answers(Subject().client.readAnswers()) }),
    (
        "values.json",
        {
            let value: JSON = [
                "n": .integer(.max), "least": .integer(.min), "d": 0.1, "t": "ü\0", "l": [true, nil, [:]], "": [],
            ]
            return ["wire": text(try await Subject().client.echoJsonResponse(body: value).body)]
        }
    ),
]

private struct NoDay: Error {}

private func day(_ text: String) throws -> Contract.CalendarDate {
    guard let day = Contract.CalendarDate(text) else { throw NoDay() }
    return day
}

/// Whole milliseconds since 1970, finer fractions cut off.
private func milliseconds(_ date: Date) -> JSON {
    // A time is a floating-point number: what is a hair below a millisecond is that millisecond.
    .integer(Int64(((date.timeIntervalSince1970 * 1_000_000).rounded() / 1000).rounded(.down)))
}

private func state<Value>(_ value: Contract.Nullable<Value>?) -> JSON {
    switch value {
    case nil: "absent"
    case .null: "null"
    case .value: "value"
    }
}

private func scalars(_ sent: Contract.Scalars) async throws -> JSON {
    let answer = try await Subject().client.echoScalarsResponse(body: sent)
    let value = answer.value
    return [
        "wire": text(answer.body), "kind": .string(value.kind), "text": .string(value.text),
        "flag": .boolean(value.flag), "small": .integer(Int64(value.small)), "big": .string(String(value.big)),
        "whole": .string(String(value.whole)), "ratio": .number(value.ratio), "when": milliseconds(value.when),
        "day": .string(value.day.description), "data": base64(value.data), "color": .string(value.color.rawValue),
    ]
}

private func shapes(_ sent: [Contract.Shape]) async throws -> JSON {
    let answer = try await Subject().client.echoShapesResponse(body: sent)
    let names = answer.value.map { shape in
        switch shape {
        case .circle: "Circle"
        case .square: "Square"
        case .unknown: "unknown"
        }
    }
    return ["wire": text(answer.body), "variants": list(names)]
}

private func answers(_ sent: [Contract.Answer]) async throws -> JSON {
    let answer = try await Subject().client.echoAnswersResponse(body: sent)
    let names = answer.value.map { answer in
        switch answer {
        case .circle: "Circle"
        case .problem: "Problem"
        case .string: "string"
        case .integer: "integer"
        case .boolean: "boolean"
        case .list: "list"
        case .unknown: "unknown"
        }
    }
    return ["wire": text(answer.body), "variants": list(names)]
}
