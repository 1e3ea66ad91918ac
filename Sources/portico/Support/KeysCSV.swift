import PorticoGateway
import PorticoIR

/// API keys in API Gateway's CSV format: the columns `Name`, `Key`, `Description`, `Enabled` and `UsagePlanIds`, in any
/// order and case; the first two must be there. Source: API Gateway guide, "API Gateway API key file format".
struct KeysCSV {
    /// The keys, if there are no errors.
    private(set) var keys: [NewAPIKey] = []
    /// `line 3: ...`; with one of them no key is imported.
    private(set) var errors: [String] = []
    /// As errors, with which the keys are imported all the same.
    private(set) var warnings: [String] = []

    private enum Column: String, CaseIterable {
        case name, key, description, enabled, usageplanids
    }

    private var columns: [Column: Int] = [:]
    private var width = 0
    private var lineOfName: [String: Int] = [:]
    private var lineOfValue: [String: Int] = [:]

    /// - Parameters:
    ///   - bytes: the file.
    ///   - plans: usage plans of the spec; `UsagePlanIds` has their names.
    init(_ bytes: [UInt8], plans: [UsagePlanSummary]) {
        do throws(CSVTable.Problem) {
            let table = try CSVTable(bytes)
            guard let header = table.rows.first else {
                errors.append("line 1: no header; expected Name,Key,Description,Enabled,UsagePlanIds")
                return
            }
            guard readHeader(header) else { return }
            for row in table.rows.dropFirst() { read(row, plans) }
        } catch {
            errors.append("line \(error.line): \(error.message)")
        }
    }

    private mutating func readHeader(_ header: CSVTable.Row) -> Bool {
        width = header.fields.count
        for (index, title) in header.fields.enumerated() {
            guard let column = Column(rawValue: title.lowercased()) else {
                warnings.append("line \(header.line): column '\(title)' is unknown and left out")
                continue
            }
            if columns.updateValue(index, forKey: column) != nil {
                errors.append("line \(header.line): column '\(title)' stands twice")
            }
        }
        for (column, title) in [(Column.name, "Name"), (.key, "Key")] where columns[column] == nil {
            errors.append("line \(header.line): no column '\(title)'")
        }
        return errors.isEmpty
    }

    private mutating func read(_ row: CSVTable.Row, _ plans: [UsagePlanSummary]) {
        func field(_ column: Column) -> String {
            guard let index = columns[column], index < row.fields.count else { return "" }
            return row.fields[index]
        }
        guard row.fields.count <= width else {
            errors.append("line \(row.line): \(row.fields.count) fields; the header has \(width)")
            return
        }
        var key = NewAPIKey(name: field(.name), value: field(.key), description: field(.description))
        switch field(.enabled).lowercased() {
        case "true": key.isEnabled = true
        case "false": key.isEnabled = false
        case "":
            // Recorded: a key made without 'enabled' is disabled.
            key.isEnabled = false
            warnings.append("line \(row.line): API key '\(key.name)' is disabled, as 'Enabled' is empty")
        case let other:
            errors.append("line \(row.line): 'Enabled' is '\(other)'; expected true or false")
        }
        key.usagePlans = field(.usageplanids).split(separator: ",").map { name in
            String(name.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
        }.filter { !$0.isEmpty }
        if let problem = key.problem(plans) { errors.append("line \(row.line): \(problem)") }
        if let first = lineOfName.updateValue(row.line, forKey: key.name) {
            errors.append("line \(row.line): the name '\(key.name)' is that of line \(first)")
        }
        if let first = lineOfValue.updateValue(row.line, forKey: key.value) {
            errors.append("line \(row.line): the value is that of line \(first)")
        }
        keys.append(key)
    }
}
