/** One question to the server: its answer, its error, whether it is on its way. */
import { asApiError, type ApiError } from '$lib/api/errors';

export class Ask<T> {
  answer = $state.raw<T | null>(null);
  error = $state.raw<ApiError | null>(null);
  busy = $state(false);
  private turn = 0;

  async run(question: () => Promise<T>): Promise<T | null> {
    const turn = (this.turn += 1);
    this.busy = true;
    this.error = null;
    try {
      const answer = await question();
      if (turn === this.turn) this.answer = answer;
      return answer;
    } catch (thrown) {
      if (turn === this.turn) {
        this.error = asApiError(thrown);
        this.answer = null;
      }
      return null;
    } finally {
      if (turn === this.turn) this.busy = false;
    }
  }
}
