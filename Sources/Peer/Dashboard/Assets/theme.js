// Before the first picture, or a dark page would flash white.
try {
  const theme = localStorage.getItem('herd-theme');
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme;
} catch { /* storage is switched off: as the system has it */ }
