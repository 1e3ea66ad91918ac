enum PorticoSyntaxTestsPlaceholder {}
