enum FastLanePlaceholder {}
