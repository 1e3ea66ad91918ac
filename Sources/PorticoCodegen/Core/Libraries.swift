internal import CClientLibraries

/// The files that clients carry as they are: transport, signing, retries, JSON where a language has none.
///
/// The C compiler embeds them. A build tool plugin cannot: SwiftPM builds the tools of plugins without the plugins of
/// their targets, and `portico-sdkgen` is such a tool.
enum Libraries {
    /// The files of a folder of `Libraries`, by their path below it, in order.
    static func files(in folder: String) -> [GeneratedFile] {
        all.compactMap { file in
            guard file.path.hasPrefix(folder + "/") else { return nil }
            return GeneratedFile(path: String(file.path.dropFirst(folder.utf8.count + 1)), text: file.text)
        }
    }

    /// The files of every folder, by their path below `Libraries`, in order.
    static let all: [GeneratedFile] = {
        var count = 0
        let files = UnsafeBufferPointer(start: client_library_files(&count), count: count)
        return files.map { file in
            GeneratedFile(
                path: String(cString: file.path),
                text: String(decoding: UnsafeBufferPointer(start: file.bytes, count: file.count), as: UTF8.self))
        }
    }()
}
