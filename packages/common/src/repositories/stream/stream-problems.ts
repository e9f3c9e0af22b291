import { ProblemError } from "../../contracts/errors.ts";

export function streamExists(): ProblemError {
  return new ProblemError("stream_exists", "There is a stream with this id already.");
}
