// Hot: no, once per template that is compiled without an API. Allocates: the table.

public import PorticoPrograms

extension SymbolTable {
    /// The names that templates of every API may read, for a template that has no API around it.
    public static func standalone(
        contextVariables more: [String] = [], stageVariables: [String] = []
    ) -> SymbolTable {
        let known = ContextVariable.names
        return SymbolTable(
            contextVariables: known + more.filter { !known.contains($0) }, stageVariables: stageVariables)
    }
}
