// Hot: no, a few times a second in the supervisor's process. Allocates: a row for each process of the machine.

internal import Glibc

/// The processes of the machine that descend from this one, and which function each belongs to.
///
/// A child of the supervisor is either a process that it started or an orphan that it adopted. An orphan belongs to the
/// process that it was seen under before, or to the one named by the variable ``marker`` in its environment, which
/// also a daemon inherits that was quick to leave its group and its parent.
struct SupervisorTree {
    /// One process.
    struct Row: Equatable {
        var id: pid_t
        var parent: pid_t
        var group: pid_t
        /// Ticks after boot; with the id it names a process for good.
        var startTime: UInt64
        var residentPages: Int
    }

    /// A process and the id under which its function's process was started.
    struct Member {
        var row: Row
        var owner: UInt32?
    }

    /// Variable that says which process a descendant belongs to: process id of the supervisor, `-`, id.
    static let marker = "PORTICO_PROCESS"

    private var owners: [pid_t: (startTime: UInt64, owner: UInt32)] = [:]
    private let supervisor = getpid()

    /// The marker's value for a process.
    func mark(_ id: UInt32) -> String { "\(supervisor)-\(id)" }

    /// All living descendants. `leaders` are the processes that were started, by process id.
    mutating func scan(leaders: [pid_t: UInt32]) -> [Member] {
        var children: [pid_t: [Row]] = [:]
        SupervisorSystem.eachEntry("/proc") { name in
            guard let first = name.utf8.first, first >= UInt8(ascii: "1"), first <= UInt8(ascii: "9"),
                let bytes = SupervisorSystem.read("/proc/\(name)/stat", limit: 4096), let row = Self.row(bytes)
            else { return }
            children[row.parent, default: []].append(row)
        }

        var members: [Member] = []
        var known: [pid_t: (startTime: UInt64, owner: UInt32)] = [:]
        var open = (children[supervisor] ?? []).map {
            Member(row: $0, owner: leaders[$0.id] ?? leaders[$0.group] ?? orphanOwner($0))
        }
        while let member = open.popLast() {
            members.append(member)
            if let owner = member.owner { known[member.row.id] = (member.row.startTime, owner) }
            // Taken out, not looked up: a table read while processes come and go must not lead in a circle.
            for child in children.removeValue(forKey: member.row.id) ?? [] {
                open.append(Member(row: child, owner: member.owner))
            }
        }
        owners = known
        return members
    }

    private func orphanOwner(_ row: Row) -> UInt32? {
        if let known = owners[row.id], known.startTime == row.startTime { return known.owner }
        guard let environment = SupervisorSystem.read("/proc/\(row.id)/environ", limit: 2 << 20) else { return nil }
        let prefix = Array("\(Self.marker)=\(supervisor)-".utf8)
        for variable in environment.split(separator: 0) where variable.starts(with: prefix) {
            return UInt32(String(decoding: variable.dropFirst(prefix.count), as: UTF8.self))
        }
        return nil
    }

    /// Reads `/proc/PID/stat`; `nil` for a process that has ended and was not fetched yet. Source: proc(5).
    static func row(_ bytes: [UInt8]) -> Row? {
        // The name of the program stands in parentheses and may hold any byte, parentheses too.
        guard let nameEnd = bytes.lastIndex(of: UInt8(ascii: ")")),
            let id = pid_t(String(decoding: bytes.prefix { $0 != UInt8(ascii: " ") }, as: UTF8.self))
        else { return nil }
        let fields = bytes[(nameEnd + 1)...].split(separator: UInt8(ascii: " "))
        // Fields are numbered from 1 and the state is the third.
        func number(_ field: Int) -> Int? {
            guard fields.count > field - 3 else { return nil }
            return Int(String(decoding: fields[field - 3], as: UTF8.self))
        }
        guard let state = fields.first?.first, state != UInt8(ascii: "Z"), state != UInt8(ascii: "X"),
            let parent = number(4), let group = number(5), let startTime = number(22), let pages = number(24)
        else { return nil }
        return Row(
            id: id, parent: pid_t(truncatingIfNeeded: parent), group: pid_t(truncatingIfNeeded: group),
            startTime: UInt64(max(startTime, 0)), residentPages: max(pages, 0))
    }
}
