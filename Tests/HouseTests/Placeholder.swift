enum HouseTestsPlaceholder {}
