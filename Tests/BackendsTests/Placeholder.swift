enum BackendsTestsPlaceholder {}
