import file from '@fontsource-variable/ibm-plex-sans/files/ibm-plex-sans-latin-wght-normal.woff2?url';

/** Fetches the letter shapes: after what the first screen reads, which they would hold up on a slow line. */
export function loadLetters(): void {
  const face = new FontFace('IBM Plex Sans Variable', `url(${file}) format('woff2')`, {
    weight: '100 700',
    display: 'swap',
  });
  document.fonts.add(face);
  face.load().catch(() => undefined); // the system's letters stay
}
