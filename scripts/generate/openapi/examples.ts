import { valueAt } from "../../../packages/common/src/contracts/reference/answer-value.ts";
import type {
  AnswerReference,
  Example,
  ExampleValue,
} from "../../../packages/common/src/contracts/reference/operation-reference.ts";

/** What an example was answered when it was last run and recorded. */
export interface RecordedAnswer {
  readonly status: number;
  readonly contentType?: string;
  readonly body?: unknown;
}

export type RecordedAnswers = Readonly<Record<string, RecordedAnswer>>;

/** An example as the document shows it: whole values in the place of references. */
export interface ShownExample {
  readonly name: string;
  readonly example: Example;
  readonly path: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string>>;
  readonly answer: RecordedAnswer;
}

/** @throws Error for an example that was never run */
export function shownExamples(
  id: string,
  examples: Readonly<Record<string, Example>>,
  answers: RecordedAnswers,
): ShownExample[] {
  return Object.entries(examples).map(([name, example]) => {
    const answer = answers[`${id}.${name}`];
    if (answer === undefined || answer.status !== example.status) {
      throw new Error(`the example ${id}.${name} was not recorded: run the reference test with -u`);
    }
    const resolve = (values: Readonly<Record<string, ExampleValue>> = {}) =>
      Object.fromEntries(
        Object.entries(values).map(([key, value]) => [key, resolved(value, answers)]),
      );
    return { name, example, path: resolve(example.path), query: resolve(example.query), answer };
  });
}

function resolved(value: ExampleValue, answers: RecordedAnswers): string {
  if (typeof value === "string") return value;
  return valueAt(value satisfies AnswerReference, answers[value.answer]?.body);
}
