// Hot: read once per call of a backend. Allocates: only when a snapshot is put into service.

internal import PorticoPrograms

/// What an integration of an HTTP API changes of requests and answers, in one stage.
final class ServingParameterMapping: Sendable {
    /// Of the request to the backend.
    let request: [ServingParameterStep]
    /// Of answers, by status.
    private let answers: [(status: Int, steps: [ServingParameterStep])]

    /// `nil` where nothing is changed.
    init?(_ program: ParameterMappingProgram, builder: StageProgramBuilder) {
        request = program.request.map { ServingParameterStep($0, builder: builder) }
        answers = program.answers.map { answer in
            (answer.status, answer.steps.map { ServingParameterStep($0, builder: builder) })
        }
        if request.isEmpty, answers.isEmpty { return nil }
    }

    /// Changes of answers with that status.
    func steps(ofStatus status: Int) -> [ServingParameterStep]? {
        for answer in answers where answer.status == status { return answer.steps }
        return nil
    }
}

/// One change in one stage.
struct ServingParameterStep: Sendable {
    let operation: ParameterStep.Operation
    let target: ParameterStep.Target
    let name: StaticBytes
    let value: [ServingSegment]

    init(_ step: ParameterStep, builder: StageProgramBuilder) {
        operation = step.operation
        target = step.target
        name = builder.pool.add(step.name)
        value = builder.segments(step.value)
    }
}

extension StageProgramBuilder {
    /// Text with sources, its names as bytes and its stage variables put in.
    func segments(_ segments: [TextSegment]) -> [ServingSegment] {
        segments.map { segment in
            switch segment {
            case .literal(let text): .literal(pool.add(text))
            case .value(let source): .value(self.source(source))
            }
        }
    }
}
