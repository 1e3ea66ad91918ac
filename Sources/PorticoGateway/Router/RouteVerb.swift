// Hot: once per request. Allocates: nothing.

internal import PorticoIR

/// Verbs that a route can be declared for.
///
/// ORDER RouteVerb: the raw values up to ``options`` are those of the codec's method enum, and they index the rows of
/// ``RouteTable``'s method table. The codec's values from 7 on are verbs that no REST API can declare.
enum RouteVerb: UInt8, Sendable, Hashable, CaseIterable {
    case get, head, post, put, patch, delete, options
    /// `x-amazon-apigateway-any-method`: every verb above that the resource does not declare. Never a request's verb.
    case any

    /// How many verbs a request can be routed by.
    static let requestVerbCount = 7

    /// The verb of a declared method.
    init(_ verb: MethodVerb) {
        switch verb {
        case .get: self = .get
        case .head: self = .head
        case .post: self = .post
        case .put: self = .put
        case .patch: self = .patch
        case .delete: self = .delete
        case .options: self = .options
        case .any: self = .any
        }
    }

    /// As it stands on the wire and in the console.
    var name: String {
        switch self {
        case .get: "GET"
        case .head: "HEAD"
        case .post: "POST"
        case .put: "PUT"
        case .patch: "PATCH"
        case .delete: "DELETE"
        case .options: "OPTIONS"
        case .any: "ANY"
        }
    }
}
