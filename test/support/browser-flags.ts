/**
 * A browser has what it was told last: Playwright's own list is said again, for what it keeps from asking the network at a start.
 * The windows behind the address bar are pages with processes of their own, two for every person of a test, that nobody sees.
 */
const without = [
  'WebRtcHideLocalIpsWithMdns', 'CalculateNativeWinOcclusion',
  'WebUIOmniboxPopup', 'WebUIOmniboxAimPopup', 'WebUIOmniboxFullPopup',
  'AimEnabled', 'DestroyProfileOnBrowserClose', 'HttpsFirstBalancedModeAutoEnable', 'HttpsUpgrades', 'LensOverlay', 'MediaRouter', 'NetworkTimeServiceQuerying', 'OptimizationHints', 'PreconnectToSearch',
];

/** How the tests start Chromium: as root too, silent, with a microphone, and as awake in the background as in front. */
export const browserFlags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
  '--mute-audio',
  '--autoplay-policy=no-user-gesture-required',
  '--use-fake-device-for-media-stream',
  '--use-fake-ui-for-media-stream',
  '--disable-background-timer-throttling',
  '--disable-backgrounding-occluded-windows',
  '--disable-renderer-backgrounding',
  `--disable-features=${without.join(',')}`,
];
