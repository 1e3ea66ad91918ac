enum PorticoIRTestsPlaceholder {}
