// Hot: once per call that is signed as its caller. Allocates: the text of a refusal.

/// `credentials: arn:aws:iam::*:user/*`: a call is signed with what the caller signed its request with.
///
/// Source: API Gateway API reference, PutIntegration, `credentials`: "To require that the caller's identity be passed
/// through from the request".
enum CallersCredentials {
    /// Those of the caller; `nil` after setting the fault: who did not sign has none.
    static func of(_ exchange: Exchange) -> SigningCredentials? {
        if let caller = exchange.access.caller { return caller.credentials }
        exchange.fault = .configuration(
            "'credentials: \(ServingServiceCall.callersCredentials)' asks for the credentials of the caller, who has not "
                + "signed; give the method 'AWS_IAM' authorization, or name a role")
        return nil
    }
}
