/** Every figure of a tile, in reading order. Texts: `wallboard.figure.<name>`, `wallboard.definition.<name>`. */
export const figures = ['waiting', 'longest', 'serviceLevel', 'answerRate', 'available', 'ringing', 'talking', 'afterCall', 'away', 'offered', 'answered', 'abandoned', 'asa', 'aht'] as const;
export type FigureName = (typeof figures)[number];
