/// The files that clients carry as they are: transport, signing, retries, JSON where a language has none.
enum Libraries {
    /// The files of a folder of `Libraries`, by their path below it, in order.
    static func files(in folder: String) -> [GeneratedFile] {
        EmbeddedLibraries.files.compactMap { file in
            guard file.path.hasPrefix(folder + "/") else { return nil }
            return GeneratedFile(path: String(file.path.dropFirst(folder.utf8.count + 1)), text: file.text)
        }
    }
}
