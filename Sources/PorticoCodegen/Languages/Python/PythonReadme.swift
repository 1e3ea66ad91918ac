/// `README.md`
struct PythonReadme {
    let model: ClientModel
    let symbols: PythonSymbols

    init(_ model: ClientModel, _ symbols: PythonSymbols) {
        self.model = model
        self.symbols = symbols
    }

    var text: String { "# \(model.title)\n" }
}
