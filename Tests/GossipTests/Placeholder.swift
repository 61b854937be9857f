enum GossipTestsPlaceholder {}
