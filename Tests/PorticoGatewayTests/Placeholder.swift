enum PorticoGatewayTestsPlaceholder {}
