// Hot: read once per request with a token. Allocates: nothing.

/// A worker's copy of what is known of one issuer's keys, and the requests that wait for more.
final class KeyMirror {
    let source: KeySource
    var state: KeyState
    /// The version of ``state`` that new keys were asked for last.
    var refreshedVersion = -1
    private var waiting: [TokenWait] = []

    init(_ source: KeySource, _ state: KeyState) {
        self.source = source
        self.state = state
    }

    var waitingCount: Int { waiting.count }

    func add(_ wait: TokenWait) { waiting.append(wait) }

    /// Takes all that wait.
    func takeWaiting() -> [TokenWait] {
        defer { waiting = [] }
        return waiting
    }

    /// Drops one that was cancelled.
    func remove(_ wait: TokenWait) { waiting.removeAll { $0 === wait } }
}

/// A token whose verdict is waited for. Belongs to the loop of its worker.
final class TokenWait {
    let token: [UInt8]
    let rules: TokenRules
    private var completion: ((TokenVerdict) -> Void)?
    weak var mirror: KeyMirror?

    init(_ token: [UInt8], _ rules: TokenRules, _ completion: @escaping (TokenVerdict) -> Void) {
        self.token = token
        self.rules = rules
        self.completion = completion
    }

    /// Gives it up, for instance because the client went away: the completion is not called any more.
    func cancel() {
        completion = nil
        mirror?.remove(self)
        mirror = nil
    }

    func complete(_ verdict: TokenVerdict) {
        let completion = self.completion
        self.completion = nil
        mirror = nil
        completion?(verdict)
    }
}
