// Stands in for bidi-js: Indonesian and English run from left to right.
export default function bidiFactory() {
  return {
    getEmbeddingLevels: (text: string) => ({
      levels: new Uint8Array(text.length),
      paragraphs: [{ start: 0, end: text.length - 1, level: 0 }],
    }),
    getBidiCharTypeName: () => 'L',
    getMirroredCharacter: () => null,
    getMirroredCharactersMap: () => new Map(),
    getReorderSegments: () => [],
  };
}
