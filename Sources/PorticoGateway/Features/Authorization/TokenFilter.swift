// Hot: once per request that a token of a user pool decides on. Allocates: for tokens that were not seen before.

internal import PorticoIR
internal import PorticoPrograms

/// Lets requests in by tokens of user pools.
enum TokenFilter {
    static func run(
        _ authorizer: ServingAuthorizer, _ scopes: [StaticBytes], _ exchange: Exchange
    ) -> PhaseOutcome {
        exchange.fault = LambdaAuthorizer.unauthorized("user pools are not executed by this version")
        return .fault
    }
}
