import FoundationEssentials

/// The committed inputs of the targets.
public enum FuzzCorpus {
    /// `Fuzzing` in the package that this file belongs to.
    public static var folder: String {
        let parts = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(3)
        return parts.joined(separator: "/") + "/Fuzzing"
    }

    /// Names of the targets that have a corpus.
    public static func names() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: folder + "/corpus").sorted()
    }

    /// The inputs of a target with the names of their files, in order.
    public static func inputs(of name: String) throws -> [(file: String, bytes: [UInt8])] {
        let path = folder + "/corpus/" + name
        return try FileManager.default.contentsOfDirectory(atPath: path).sorted().map { file in
            (file, Array(try Data(contentsOf: URL(filePath: path + "/" + file))))
        }
    }

    /// What is wrong with a target's corpus: each input for which the property fails, one a line.
    ///
    /// Forwards and backwards by the same check, so that what an input leaves behind shows too.
    public static func failures(of target: FuzzTarget) throws -> [String] {
        let inputs = try inputs(of: target.name)
        let check = target.makeCheck()
        var failures: [String] = []
        for input in inputs + inputs.reversed() {
            // Memory of exactly this size, as libFuzzer's driver has it.
            let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: input.bytes.count, alignment: 1)
            defer { memory.deallocate() }
            memory.copyBytes(from: input.bytes)
            do throws(FuzzFinding) {
                try check(UnsafeRawBufferPointer(memory))
            } catch {
                failures.append("\(target.name)/\(input.file): \(error.message)")
            }
        }
        return failures
    }
}
