enum DemoEnginePlaceholder {}
