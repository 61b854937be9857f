enum MeshTestsPlaceholder {}
