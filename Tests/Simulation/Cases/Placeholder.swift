enum CasesPlaceholder {}
