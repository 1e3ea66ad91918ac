// Hot: once per call of a function. Allocates: nothing of its own.

/// AWS_PROXY and AWS integrations of Lambda functions.
///
/// Source: reference, "Lambda proxy, payload 1.0" (5), "Choosing the integration response" (4.5).
enum LambdaIntegration {
    static func send(
        _ exchange: Exchange, _ integration: ServingIntegration, _ function: ServingFunction
    ) -> PhaseOutcome {
        exchange.fault = .configuration("functions are not called yet")
        return .fault
    }
}
