import PorticoIR
import Testing

@testable import PorticoGateway

/// Bytes of a request for as long as a test needs them.
private func write(
    into ring: RecentRequests, path: String = "/pets", verb: String = "GET", log: String = "", time: Int = 0,
    status: Int = 200, fault: GatewayResponseType? = nil, marks: PhaseMarks = PhaseMarks()
) {
    Array(path.utf8).withUnsafeBytes { path in
        Array(verb.utf8).withUnsafeBytes { verb in
            Array("7c9e6679-7425-40de-944b-e07fc1f90ae7".utf8).withUnsafeBytes { id in
                Array(log.utf8).withUnsafeBytes { log in
                    ring.write(
                        FinishedRequest(
                            time: time, durationMicroseconds: UInt64(time) * 3, status: status, generation: time,
                            stage: time % 7, route: time % 11, requestID: id, verb: verb, path: path, fault: fault,
                            cache: .hit, requestBytes: time * 5, responseBytes: time * 7, marks: marks, log: log))
                }
            }
        }
    }
}

@Suite("Dashboard: recent requests")
struct RecentRequestsTests {
    @Test("what was written is read")
    func roundTrip() throws {
        let ring = RecentRequests(slots: 4, logBytes: 64)
        var marks = PhaseMarks()
        marks.begin(at: 1)
        marks.end(.receive, at: 2001)
        write(into: ring, path: "/pets/7", log: "a line\n", time: 12, status: 504, fault: .wafFiltered, marks: marks)
        let request = try #require(ring.read(0))
        #expect(
            request
                == RecordedRequest(
                    time: 12, durationMicroseconds: 36, status: 504, generation: 12, stage: 5, route: 1,
                    requestID: "7c9e6679-7425-40de-944b-e07fc1f90ae7", verb: "GET", path: "/pets/7",
                    fault: .wafFiltered, cache: .hit, requestBytes: 60, responseBytes: 84,
                    phases: [PassedPhase(phase: .receive, start: 0, duration: 2)], log: "a line\n"))
    }

    @Test("all gateway responses are told apart", arguments: GatewayResponseType.allCases)
    func faults(_ type: GatewayResponseType) {
        let ring = RecentRequests(slots: 1, logBytes: 0)
        write(into: ring, fault: type)
        #expect(ring.read(0)?.fault == type)
    }

    @Test("a request without stage, route, log and gateway response has none")
    func nothing() throws {
        let ring = RecentRequests(slots: 1, logBytes: 16)
        let none = UnsafeRawBufferPointer(start: nil, count: 0)
        ring.write(
            FinishedRequest(
                time: 1, durationMicroseconds: .max, status: 400, generation: 0, stage: nil, route: nil,
                requestID: none, verb: none, path: none))
        let request = try #require(ring.read(0))
        #expect(request.stage == nil && request.route == nil && request.log == nil && request.fault == nil)
        #expect(request.path.isEmpty && request.phases.isEmpty && request.durationMicroseconds == .max)
    }

    @Test("old ones are written over, new ones are not there yet")
    func ring() {
        let ring = RecentRequests(slots: 4, logBytes: 16)
        #expect(ring.count == 0 && ring.read(0) == nil)
        for time in 0..<10 { write(into: ring, time: time) }
        #expect(ring.count == 10)
        #expect((0..<12).map { ring.read($0)?.time } == [nil, nil, nil, nil, nil, nil, 6, 7, 8, 9, nil, nil])
    }

    @Test("a long path, a long verb and a long log are kept in part")
    func limits() throws {
        let ring = RecentRequests(slots: 2, logBytes: 32)
        let path = "/" + String(repeating: "p", count: 300)
        write(into: ring, path: path, verb: String(repeating: "V", count: 40), log: String(repeating: "x", count: 33))
        let request = try #require(ring.read(0))
        #expect(request.path == String(path.prefix(RecentRequests.pathBytes)) && request.isPathTruncated)
        #expect(request.verb == String(repeating: "V", count: 16))
        let half = String(repeating: "x", count: 16)
        #expect(request.log == "\(half)\n[1 bytes left out]\n\(half)" && request.isLogTruncated)
        write(into: ring, path: String(path.prefix(RecentRequests.pathBytes)), log: String(repeating: "x", count: 32))
        let whole = try #require(ring.read(1))
        #expect(!whole.isPathTruncated && !whole.isLogTruncated && whole.log == half + half)
    }

    @Test("bytes that are no text become text")
    func invalid() throws {
        let ring = RecentRequests(slots: 1, logBytes: 16)
        let bytes: [UInt8] = [0x2F, 0xFF, 0xC3]
        bytes.withUnsafeBytes { path in
            ring.write(
                FinishedRequest(
                    time: 0, durationMicroseconds: 0, status: 200, generation: 0, stage: nil, route: nil,
                    requestID: path, verb: path, path: path))
        }
        #expect(ring.read(0)?.path == "/\u{FFFD}\u{FFFD}")
    }

    @Test("readers beside the writer see whole requests only")
    func concurrency() async {
        // Few slots, so that they are written over while they are read.
        let ring = RecentRequests(slots: 3, logBytes: 512)
        let total = 60_000
        await withTaskGroup(of: (read: Int, torn: Int).self) { group in
            for _ in 0..<3 {
                group.addTask {
                    var read = 0
                    var torn = 0
                    while ring.count < UInt64(total) {
                        // The writer is a task of the same few threads.
                        await Task.yield()
                        let end = ring.count
                        for number in (end > 3 ? end - 3 : 0)..<end {
                            guard let request = ring.read(number) else { continue }
                            read += 1
                            let time = Int(number)
                            let letter = String(UnicodeScalar(UInt8(ascii: "a") + UInt8(time % 26)))
                            let isWhole =
                                request.time == time && request.generation == time && request.stage == time % 7
                                && request.route == time % 11 && request.requestBytes == time * 5
                                && request.responseBytes == time * 7
                                && request.path == String(repeating: letter, count: 90 + time % 90)
                                && request.log == String(repeating: letter, count: 100 + time % 400)
                            if !isWhole { torn += 1 }
                        }
                    }
                    return (read, torn)
                }
            }
            group.addTask {
                for time in 0..<total {
                    let letter = String(UnicodeScalar(UInt8(ascii: "a") + UInt8(time % 26)))
                    write(
                        into: ring, path: String(repeating: letter, count: 90 + time % 90),
                        log: String(repeating: letter, count: 100 + time % 400), time: time)
                }
                return (0, 0)
            }
            var read = 0
            for await result in group {
                read += result.read
                #expect(result.torn == 0)
            }
            #expect(read > 0)
        }
    }
}

@Suite("Dashboard: recorders")
struct RequestRecorderTests {
    @Test("requests are recorded while somebody looks, and only so many may")
    func watch() {
        let watch = DashboardWatch()
        let recorder = RequestRecorder(worker: 0, watch: watch)
        #expect(!recorder.isOn)
        #expect(watch.begin(limit: 2) && watch.begin(limit: 2))
        #expect(!watch.begin(limit: 2))
        #expect(watch.count == 2 && recorder.isOn)
        watch.end()
        #expect(recorder.isOn)
        watch.end()
        #expect(!recorder.isOn)
    }

    @Test("those that went well push none out that failed, and what goes by is counted")
    func kinds() {
        let recorder = RequestRecorder(worker: 3, watch: DashboardWatch(), slots: 4, logBytes: 0)
        var reader = RecordReader([recorder])
        write(into: recorder.failed, time: 0, status: 500)
        for time in 1...9 { write(into: recorder.answered, time: time) }
        let first = reader.read(limit: 100)
        #expect(first.requests.map(\.id) == ["3-f0", "3-5", "3-6", "3-7", "3-8"])
        #expect(first.skipped == 5)
        #expect(reader.read(limit: 100).requests.isEmpty)
        for time in 10...12 { write(into: recorder.answered, time: time) }
        let second = reader.read(limit: 2)
        #expect(second.requests.map(\.id) == ["3-10", "3-11"] && second.skipped == 1)
    }

    @Test("a status from 400 on is a failure")
    func status() {
        let recorder = RequestRecorder(worker: 0, watch: DashboardWatch(), slots: 4, logBytes: 0)
        let none = UnsafeRawBufferPointer(start: nil, count: 0)
        for status in [200, 304, 399, 400, 404, 500] {
            recorder.record(
                FinishedRequest(
                    time: 0, durationMicroseconds: 0, status: status, generation: 0, stage: nil, route: nil,
                    requestID: none, verb: none, path: none))
        }
        #expect(recorder.answered.count == 3 && recorder.failed.count == 3)
    }
}
