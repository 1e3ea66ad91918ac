// Hot: once per call of an AWS service. Allocates: nothing of its own.

/// AWS integrations of services other than Lambda functions.
///
/// Source: reference, "AWS service integrations" (4.8).
enum AWSIntegration {
    static func send(
        _ exchange: Exchange, _ integration: ServingIntegration, _ call: ServingServiceCall
    ) -> PhaseOutcome {
        exchange.fault = .configuration("services are not called yet")
        return .fault
    }
}
