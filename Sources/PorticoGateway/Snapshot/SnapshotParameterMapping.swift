internal import PorticoIR
internal import PorticoPrograms

/// What an integration of an HTTP API changes of requests and answers.
struct ParameterMappingProgram: Sendable, Hashable {
    /// Of the request to the backend, in order.
    var request: [ParameterStep] = []
    /// Of answers, by status.
    var answers: [AnswerSteps] = []
    /// The AWS service that is called, if `integrationSubtype` names one.
    var service: ServiceCallProgram?
}

/// Changes of answers of one status.
struct AnswerSteps: Sendable, Hashable {
    /// Status of the backend's answer.
    var status: Int
    var steps: [ParameterStep]
}

/// One change: what to do, to what, and the value.
struct ParameterStep: Sendable, Hashable {
    /// What to do.
    enum Operation: UInt8, Sendable {
        case append
        case overwrite
        case remove
    }

    /// What is changed.
    enum Target: UInt8, Sendable {
        case header
        case querystring
        case path
        case statusCode
    }

    var operation: Operation
    var target: Target
    /// Empty for path and status.
    var name: String
    var value: [TextSegment]
}

/// A call of an AWS service.
struct ServiceCallProgram: Sendable, Hashable {
    /// Name of the ``ServiceAction``.
    var action: String
    /// Text with stage variables; empty for the region of the API.
    var region: [TextSegment]
    /// Values, in the order of the action's parameters; those that the document leaves out are not among them.
    var parameters: [Parameter]

    /// A parameter with its value.
    struct Parameter: Sendable, Hashable {
        /// Position among the action's.
        var index: Int
        var value: [TextSegment]
    }
}

// ORDER SNAPSHOT: each `write` has its `read` below it.

extension ByteWriter {
    mutating func write(_ value: ParameterMappingProgram) {
        write(value.request) { $0.write($1) }
        write(value.answers) { writer, answer in
            writer.write(UInt16(truncatingIfNeeded: answer.status))
            writer.write(answer.steps) { $0.write($1) }
        }
        write(value.service != nil)
        guard let service = value.service else { return }
        write(service.action)
        write(service.region) { $0.write($1) }
        write(service.parameters) { writer, parameter in
            writer.write(count: parameter.index)
            writer.write(parameter.value) { $0.write($1) }
        }
    }

    private mutating func write(_ value: ParameterStep) {
        write(value.operation.rawValue)
        write(value.target.rawValue)
        write(value.name)
        write(value.value) { $0.write($1) }
    }
}

extension ByteReader {
    mutating func readParameterMapping() throws(ProgramDecodingError) -> ParameterMappingProgram {
        ParameterMappingProgram(
            request: try readArray { reader throws(ProgramDecodingError) in try reader.readParameterStep() },
            answers: try readArray { reader throws(ProgramDecodingError) in
                AnswerSteps(
                    status: Int(try reader.read(UInt16.self)),
                    steps: try reader.readArray { reader throws(ProgramDecodingError) in
                        try reader.readParameterStep()
                    })
            },
            service: try readBool() ? try readServiceCall() : nil)
    }

    private mutating func readServiceCall() throws(ProgramDecodingError) -> ServiceCallProgram {
        ServiceCallProgram(
            action: try readString(), region: try readSegments(),
            parameters: try readArray { reader throws(ProgramDecodingError) in
                ServiceCallProgram.Parameter(index: try reader.readIndex(), value: try reader.readSegments())
            })
    }

    private mutating func readParameterStep() throws(ProgramDecodingError) -> ParameterStep {
        guard let operation = ParameterStep.Operation(rawValue: try read(UInt8.self)),
            let target = ParameterStep.Target(rawValue: try read(UInt8.self))
        else { throw ProgramDecodingError("unknown kind of parameter mapping", at: offset) }
        return ParameterStep(operation: operation, target: target, name: try readString(), value: try readSegments())
    }

    private mutating func readSegments() throws(ProgramDecodingError) -> [TextSegment] {
        try readArray { reader throws(ProgramDecodingError) in try reader.readSegment() }
    }
}

extension SnapshotVerifier {
    /// Mappings and the call of a service, as the compiler leaves them.
    func verify(_ mapping: ParameterMappingProgram) throws(SnapshotError) {
        for step in mapping.request {
            try require(step.target != .statusCode, .integrations, "a request with a status")
            try verify(step)
        }
        for answer in mapping.answers {
            try require((200...599).contains(answer.status), .integrations, "a status that is none")
            for step in answer.steps {
                try require(
                    step.target == .header || step.target == .statusCode, .integrations, "an answer with a path")
                try verify(step)
            }
        }
        guard let service = mapping.service else { return }
        guard let action = ServiceAction.named(service.action) else {
            throw .damagedSection(.integrations, reason: "an action that nobody knows", offset: 0)
        }
        for segment in service.region {
            if case .value(let source) = segment { try verify(source, .integrations) }
        }
        for parameter in service.parameters {
            try require(
                parameter.index < action.parameters.count, .integrations, "a parameter that the action lacks")
            for case .value(let source) in parameter.value { try verify(source, .integrations) }
        }
    }

    private func verify(_ step: ParameterStep) throws(SnapshotError) {
        let hasName = step.target == .header || step.target == .querystring
        try require(step.name.isEmpty != hasName, .integrations, "a mapping of something without a name")
        for case .value(let source) in step.value { try verify(source, .integrations) }
    }
}

extension DeploymentSnapshot {
    /// Changes of requests and answers in words, a line each.
    func lines(_ mapping: ParameterMappingProgram) -> [String] {
        var lines: [String] = []
        if let service = mapping.service {
            let region = service.region.isEmpty ? "" : " in \(text(service.region))"
            lines.append("service: \(service.action)\(region)")
            let known = ServiceAction.named(service.action)?.parameters ?? []
            for parameter in service.parameters where parameter.index < known.count {
                lines.append("parameter \(known[parameter.index].name) = \(text(parameter.value))")
            }
        }
        for step in mapping.request { lines.append("request: \(text(step))") }
        for answer in mapping.answers {
            for step in answer.steps { lines.append("answer \(answer.status): \(text(step))") }
        }
        return lines
    }

    private func text(_ step: ParameterStep) -> String {
        let name = step.name.isEmpty ? "" : ".\(step.name)"
        let value = step.operation == .remove ? "" : " = \(text(step.value))"
        return "\(step.operation) \(step.target)\(name)\(value)"
    }
}
