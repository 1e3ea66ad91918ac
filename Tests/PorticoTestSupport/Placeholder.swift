enum PorticoTestSupportPlaceholder {}
