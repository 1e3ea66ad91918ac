import Glibc
import PorticoFuzzTargets

/// The target that `PORTICO_FUZZ_TARGET` names: in the environment, because libFuzzer starts itself again when it merges.
private let chosen: FuzzTarget = {
    let name = getenv("PORTICO_FUZZ_TARGET").map { String(cString: $0) } ?? ""
    guard let target = targets.first(where: { $0.name == name }) else {
        end("PORTICO_FUZZ_TARGET names no target: '\(name)'")
    }
    return target
}()

private let targets = FuzzTargetList.all + FuzzTarget.wire

/// libFuzzer calls this from one thread only.
nonisolated(unsafe) private let check = chosen.makeCheck()

/// One input. Memory of exactly its size, so that the address sanitizer sees a read beyond it.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ data: UnsafeRawPointer?, _ size: Int) -> CInt {
    let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: size, alignment: 1)
    defer { memory.deallocate() }
    memory.copyMemory(from: UnsafeRawBufferPointer(start: data, count: size))
    do throws(FuzzFinding) {
        try check(UnsafeRawBufferPointer(memory))
    } catch {
        report("FINDING \(error.message)")
        abort()
    }
    return 0
}

@_silgen_name("LLVMFuzzerRunDriver")
private func runDriver(
    _ count: UnsafeMutablePointer<CInt>,
    _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>>,
    _ test: @convention(c) (UnsafeRawPointer?, Int) -> CInt
) -> CInt

/// SwiftPM makes this name the program's entry. `--targets` lists what there is; anything else is for libFuzzer.
@_cdecl("portico_fuzz_main")
public func run(_ count: CInt, _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>) -> CInt {
    if count == 2, let argument = arguments[1], strcmp(argument, "--targets") == 0 {
        for target in targets {
            print("\(target.name)\t\(target.maximumBytes)\t\(target.dictionary ?? "-")\t\(target.summary)")
        }
        return 0
    }
    var count = count
    var arguments = arguments
    return runDriver(&count, &arguments, testOneInput)
}

private func report(_ text: String) {
    let line = Array("\(text)\n".utf8)
    _ = write(STDERR_FILENO, line, line.count)
}

private func end(_ text: String) -> Never {
    report(text)
    exit(2)
}
