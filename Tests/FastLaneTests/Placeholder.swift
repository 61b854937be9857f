enum FastLaneTestsPlaceholder {}
