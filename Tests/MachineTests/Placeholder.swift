enum MachineTestsPlaceholder {}
