enum PorticoProgramsTestsPlaceholder {}
