// Applies the theme and language of this browser before the first picture, so that the page does not flash.
try {
  const preferences = JSON.parse(localStorage.getItem('kinoprint') || '{}')
  if (preferences.theme === 'light' || preferences.theme === 'dark')
    document.documentElement.dataset.theme = preferences.theme
} catch {
  // Storage is blocked or damaged: the system's theme applies.
}
