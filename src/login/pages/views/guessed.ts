import { html } from '../html.ts';
import type { Page } from '../layout.ts';
import { who, type FormPlace } from './parts.ts';

/** After a right code: how many wrong ones there were since the last good login, before going on. */
export const guessedPage = (place: FormPlace, guesses: number): Page => {
  const { guessed, continue: go } = place.texts;
  return {
    title: guessed.title,
    body: html` ${who(place)}
      <h1>${guessed.title}</h1>
      <p>${guessed.count(guesses)}</p>
      <p class="box warn"><strong>${guessed.advice}</strong></p>
      <a class="go" href="${place.path}/answer">${go}</a>`,
  };
};
