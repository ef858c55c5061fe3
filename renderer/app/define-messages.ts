/** Texts by key, nested as a feature likes. */
export interface Texts {
  readonly [key: string]: string | Texts;
}

/** One feature's texts. */
export interface Messages {
  readonly en: Texts;
  readonly ko: Texts;
}

type SameKeys<T> = { readonly [Key in keyof T]: T[Key] extends string ? string : SameKeys<T[Key]> };

/** Ties a feature's two languages together: a key that one of them lacks is a type error. */
export const defineMessages = <const T extends Texts>(en: T, ko: SameKeys<NoInfer<T>>): Messages => ({ en, ko });
