/// The requests that dashboards were told of, so that they can ask for one after its slot was written over.
///
/// Those that went well and those that failed have room of their own.
struct RequestHistory: Sendable {
    /// Requests of each kind.
    let limit: Int
    private var answered = Queue()
    private var failed = Queue()
    private var byID: [String: RecordedRequest] = [:]

    /// Names in the order in which they came.
    private struct Queue: Sendable {
        var names: [String] = []
        /// Those before it are gone.
        var start = 0

        mutating func add(_ name: String, limit: Int) -> String? {
            names.append(name)
            guard names.count - start > limit else { return nil }
            defer {
                start += 1
                if start > limit {
                    names.removeFirst(start)
                    start = 0
                }
            }
            return names[start]
        }
    }

    init(limit: Int = 400) {
        self.limit = limit
    }

    /// How many are kept.
    var count: Int { byID.count }

    /// Keeps a request in place of the oldest one.
    mutating func add(_ request: RecordedRequest) {
        guard byID.updateValue(request, forKey: request.id) == nil else { return }
        let gone =
            request.status < 400
            ? answered.add(request.id, limit: limit) : failed.add(request.id, limit: limit)
        if let gone { byID[gone] = nil }
    }

    /// The request of that name.
    func request(_ id: String) -> RecordedRequest? { byID[id] }

    /// All, in the order of their time.
    var all: [RecordedRequest] { byID.values.sorted { ($0.time, $0.id) < ($1.time, $1.id) } }
}
