enum DiscoveryTestsPlaceholder {}
