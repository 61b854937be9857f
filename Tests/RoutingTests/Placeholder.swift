enum RoutingTestsPlaceholder {}
